//! The messages of PROTOCOL section 2, as one table that codecs and documentation read.

use Sender::{Both, Client, Server};
use Type::{Hid, Json, ListStr, ListUv, PairsStrStr, PairsStrUv, Str, Uv, U8};

/// Flag: the payload is raw deflate, see [`crate::deflate`].
pub const DEFLATE: u8 = 1;
/// Flag: the burst goes on in a CONT.
pub const MORE: u8 = 2;
/// Flag: what was begun is dropped, or a channel closes.
pub const CANCEL: u8 = 4;
/// Flag: an EVENT names its action.
pub const ACTION: u8 = 8;

/// Kind: the whole tree.
pub const SNAPSHOT: u8 = 0x41;
/// Kind: what leads from one burst to another.
pub const DIFF: u8 = 0x42;
/// Kind: a further part of a burst.
pub const CONT: u8 = 0x43;

/// Who sends a kind of message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// Only the server.
    Server,
    /// Only the client.
    Client,
    /// Both.
    Both,
}

impl Sender {
    /// The word of the table: `server`, `client` or `both`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Client => "client",
            Self::Both => "both",
        }
    }
}

/// How a header field is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// `uv`.
    Uv,
    /// `hid`, or 0 where the table gives it a meaning.
    Hid,
    /// One byte.
    U8,
    /// `str`.
    Str,
    /// `json`.
    Json,
    /// `list uv`.
    ListUv,
    /// `list str`.
    ListStr,
    /// `list(str, str)`.
    PairsStrStr,
    /// `list(str, uv)`.
    PairsStrUv,
}

impl Type {
    /// The protocol's spelling.
    pub fn name(self) -> &'static str {
        match self {
            Self::Uv => "uv",
            Self::Hid => "hid",
            Self::U8 => "u8",
            Self::Str => "str",
            Self::Json => "json",
            Self::ListUv => "list uv",
            Self::ListStr => "list str",
            Self::PairsStrStr => "list(str, str)",
            Self::PairsStrUv => "list(str, uv)",
        }
    }
}

/// One field of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// How it is written.
    pub ty: Type,
    /// The flag that must be set for the field to be there; 0: it always is.
    pub flag: u8,
}

/// One kind of message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// First byte of the body.
    pub kind: u8,
    /// Its name.
    pub name: &'static str,
    /// Who may send it.
    pub sender: Sender,
    /// The flags that it may carry.
    pub flags: u8,
    /// The header, in order.
    pub fields: &'static [Field],
    /// Whether a payload follows the header; without one, further bytes are ignored.
    pub payload: bool,
}

impl Spec {
    /// The fields that a message with `flags` has.
    pub fn fields(&self, flags: u8) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().filter(move |field| field.flag & flags == field.flag)
    }
}

/// The kind that `byte` names.
pub fn find(byte: u8) -> Option<&'static Spec> {
    MESSAGES.iter().find(|spec| spec.kind == byte)
}

const fn field(name: &'static str, ty: Type) -> Field {
    Field { name, ty, flag: 0 }
}

/// Every kind, ascending.
pub static MESSAGES: [Spec; 15] = [
    Spec {
        kind: 0x40,
        name: "HELLO_OK",
        sender: Server,
        flags: 0,
        fields: &[
            field("version", Uv),
            field("capabilities", ListStr),
            field("session", Str),
            field("attachment", Str),
            field("epoch", Uv),
            field("rev", Uv),
            field("mode", U8),
            field("last", Uv),
            field("heartbeat_ms", Uv),
            field("ladder_ms", ListUv),
            field("limits", PairsStrUv),
        ],
        payload: false,
    },
    Spec {
        kind: SNAPSHOT,
        name: "SNAPSHOT",
        sender: Server,
        flags: DEFLATE | MORE,
        fields: &[field("epoch", Uv), field("rev", Uv), field("ack", Uv), field("count", Uv)],
        payload: true,
    },
    Spec {
        kind: DIFF,
        name: "DIFF",
        sender: Server,
        flags: DEFLATE | MORE,
        fields: &[field("epoch", Uv), field("base", Uv), field("rev", Uv), field("ack", Uv), field("count", Uv)],
        payload: true,
    },
    Spec { kind: CONT, name: "CONT", sender: Server, flags: MORE | CANCEL, fields: &[], payload: true },
    Spec {
        kind: 0x44,
        name: "RESULT",
        sender: Server,
        flags: 0,
        fields: &[field("cseq", Uv), field("error", Str), field("data", Json)],
        payload: false,
    },
    Spec {
        kind: 0x45,
        name: "ERROR",
        sender: Server,
        flags: 0,
        fields: &[
            field("kind", Str),
            field("origin", U8),
            field("scope", U8),
            field("message", Str),
            field("retry_after_ms", Uv),
            field("max_ms", Uv),
            field("parameters", PairsStrStr),
            field("supported", ListUv),
            field("details", Json),
        ],
        payload: false,
    },
    Spec {
        kind: 0x46,
        name: "GOAWAY",
        sender: Server,
        flags: 0,
        fields: &[
            field("reason", Str),
            field("min_ms", Uv),
            field("max_ms", Uv),
            field("parameters", PairsStrStr),
            field("deadline_ms", Uv),
        ],
        payload: false,
    },
    Spec { kind: 0x4e, name: "PING", sender: Both, flags: 0, fields: &[], payload: false },
    // DEFLATE only from the server (PROTOCOL section 1).
    Spec {
        kind: 0x50,
        name: "CHANNEL",
        sender: Both,
        flags: DEFLATE | CANCEL,
        fields: &[field("id", Uv)],
        payload: true,
    },
    Spec {
        kind: 0x60,
        name: "HELLO",
        sender: Client,
        flags: 0,
        fields: &[
            field("versions", ListUv),
            field("capabilities", ListStr),
            field("token", Str),
            field("csrf", Str),
            field("instance", Str),
            field("epoch", Uv),
            field("rev", Uv),
            field("settled", Uv),
            field("path", Str),
            field("width", Uv),
            field("height", Uv),
            field("time_zone", Str),
            field("limits", PairsStrUv),
        ],
        payload: false,
    },
    Spec {
        kind: 0x61,
        name: "EVENT",
        sender: Client,
        flags: CANCEL | ACTION,
        fields: &[
            field("epoch", Uv),
            field("cseq", Uv),
            field("rev", Uv),
            field("hid", Hid),
            field("kind", Uv),
            Field { name: "action", ty: Str, flag: ACTION },
        ],
        payload: true,
    },
    Spec {
        kind: 0x62,
        name: "ACK",
        sender: Client,
        flags: 0,
        fields: &[field("epoch", Uv), field("rev", Uv), field("settled", Uv)],
        payload: false,
    },
    Spec {
        kind: 0x63,
        name: "REFETCH",
        sender: Client,
        flags: 0,
        fields: &[field("epoch", Uv), field("hid", Hid), field("reason", Str)],
        payload: false,
    },
    Spec { kind: 0x64, name: "AUTH", sender: Client, flags: 0, fields: &[field("token", Str)], payload: false },
    Spec { kind: 0x65, name: "BYE", sender: Client, flags: 0, fields: &[field("reason", Str)], payload: false },
];
