//! Which names and values an element may carry; the security rules of the engine.
//!
//! Invariant: an attribute that passed [`check_name`] and [`check_value`] cannot run script in a
//! browser, whatever its value holds, short of the application writing script itself.

use crate::error::TreeError;
use crate::limits;

/// The properties of the wire (PROTOCOL section 1); all but `.value` are boolean.
pub const PROPERTIES: [&str; 6] = [".checked", ".indeterminate", ".muted", ".open", ".selected", ".value"];

/// Attributes whose value is a URL that the browser may follow or load.
pub const URL_ATTRS: [&str; 12] = [
    "action",
    "background",
    "cite",
    "data",
    "formaction",
    "href",
    "icon",
    "manifest",
    "ping",
    "poster",
    "src",
    "xlink:href",
];

/// Schemes that a URL attribute may name; a URL without a scheme is always allowed.
pub const URL_SCHEMES: [&str; 9] = ["http", "https", "mailto", "tel", "sms", "ftp", "blob", "geo", "webcal"];

/// Elements without content.
pub const VOID_TAGS: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// Elements whose content a browser does not read as nodes of the page, with the reason.
const CLOSED_TAGS: [(&str, &str); 7] = [
    ("textarea", "the content of a textarea is its value; write textarea(value=...)"),
    ("iframe", "what is written in an iframe is shown nowhere; its page is that of src"),
    ("noscript", "a browser that runs scripts reads noscript as text; write its content into the page"),
    ("template", "a browser keeps the content of a template apart; write the elements where they are shown"),
    ("noembed", TEXT_ONLY),
    ("noframes", TEXT_ONLY),
    ("xmp", TEXT_ONLY),
];

const TEXT_ONLY: &str = "a browser reads this element as text without escapes; write pre";

/// What the rules say about one name, so that they are asked once for each name, not for each element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// [`check_tag`] lets it pass.
    pub is_tag: bool,
    /// [`check_name`] lets it pass.
    pub is_attr: bool,
    /// As an attribute, its value is a URL.
    pub is_url: bool,
    /// As a tag, what may stand in it.
    pub content: Content,
}

/// What may stand in an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Anything.
    Nodes,
    /// Nothing, the reason says why.
    Nothing(&'static str),
    /// One text.
    OneText,
}

impl Content {
    fn of(tag: &str) -> Self {
        if let Some((_, reason)) = CLOSED_TAGS.iter().find(|(closed, _)| *closed == tag) {
            return Self::Nothing(reason);
        }
        match tag {
            "title" | "style" => Self::OneText,
            _ if VOID_TAGS.contains(&tag) => Self::Nothing("this element has no content: its end tag does not exist"),
            _ => Self::Nodes,
        }
    }
}

impl Verdict {
    /// Ask all rules about `name`.
    pub fn of(name: &str) -> Self {
        Self {
            is_tag: check_tag(name).is_ok(),
            is_attr: check_name(name).is_ok(),
            is_url: is_url(name),
            content: Content::of(name),
        }
    }
}

/// Refuse a tag that HTML could not write, `script`, and `plaintext`, which never ends.
///
/// # Errors
/// [`TreeError::Name`] or [`TreeError::Shape`].
pub fn check_tag(tag: &str) -> Result<(), TreeError> {
    let ok = tag.len() <= limits::MAX_NAME_BYTES
        && tag.starts_with(|c: char| c.is_ascii_alphabetic())
        && tag.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':'));
    if !ok {
        return Err(TreeError::Name(tag.into()));
    }
    if tag.eq_ignore_ascii_case("script") {
        return Err(TreeError::Shape(
            "a script element would not run when it is inserted; give scripts to the page instead",
        ));
    }
    if tag.eq_ignore_ascii_case("plaintext") {
        return Err(TreeError::Shape("a browser takes all that follows plaintext for its text; write pre"));
    }
    // The names of SVG have both cases; what a parser of HTML treats apart is known by one.
    if tag.bytes().any(|b| b.is_ascii_uppercase()) && Content::of(&tag.to_ascii_lowercase()) != Content::Nodes {
        return Err(TreeError::Shape("this element is written in lower case"));
    }
    Ok(())
}

/// Refuse a name that HTML could not write, an inline handler, a name of the engine, or an unknown property.
///
/// # Errors
/// [`TreeError::Name`] or [`TreeError::Attr`].
pub fn check_name(name: &str) -> Result<(), TreeError> {
    let refuse = |reason| Err(TreeError::Attr { name: name.into(), reason });
    if name.starts_with('.') {
        return if PROPERTIES.contains(&name) {
            Ok(())
        } else {
            refuse("this property cannot be set; write the attribute")
        };
    }
    let bad = |b: u8| b <= b' ' || b == 0x7f || matches!(b, b'"' | b'\'' | b'>' | b'<' | b'/' | b'=');
    if name.is_empty() || name.len() > limits::MAX_NAME_BYTES || name.bytes().any(bad) {
        return Err(TreeError::Name(name.into()));
    }
    if name.len() >= 2 && name.as_bytes()[..2].eq_ignore_ascii_case(b"on") {
        return refuse("inline handlers are refused; write on_click=function");
    }
    if name.eq_ignore_ascii_case("data-hid") || name.eq_ignore_ascii_case("data-ev") {
        return refuse("this name belongs to the engine");
    }
    if name.eq_ignore_ascii_case("srcdoc") {
        return refuse("a document inside an attribute cannot be checked; use src");
    }
    Ok(())
}

/// Refuse a value: too long, NUL, or a URL whose scheme can run script.
///
/// # Errors
/// [`TreeError::Attr`], [`TreeError::Text`] or [`TreeError::Limit`].
pub fn check_value(name: &str, value: &str) -> Result<(), TreeError> {
    check_text("bytes of one attribute", value)?;
    if is_url(name) {
        check_url(name, value)?;
    }
    Ok(())
}

/// Refuse a text that is too long or holds NUL; `what` names its bytes.
///
/// # Errors
/// [`TreeError::Text`] or [`TreeError::Limit`].
pub fn check_text(what: &'static str, text: &str) -> Result<(), TreeError> {
    if text.len() > limits::MAX_TEXT_BYTES {
        return Err(TreeError::Limit { what, limit: limits::MAX_TEXT_BYTES, got: text.len() });
    }
    if text.as_bytes().contains(&0) {
        return Err(TreeError::Text);
    }
    Ok(())
}

/// Refuse a URL whose scheme can run script.
///
/// # Errors
/// [`TreeError::Attr`].
pub fn check_url(name: &str, url: &str) -> Result<(), TreeError> {
    if url_is_safe(name, url) {
        return Ok(());
    }
    Err(TreeError::Attr {
        name: name.into(),
        reason: "this URL scheme is refused, it could run script; use http, https, mailto or a relative URL",
    })
}

fn is_url(name: &str) -> bool {
    URL_ATTRS.iter().any(|url| name.eq_ignore_ascii_case(url))
}

/// Browsers drop white space and control characters before and inside a scheme, so do we.
fn url_is_safe(name: &str, url: &str) -> bool {
    let mut scheme = String::new();
    for c in url.chars().filter(|c| !c.is_control() && !c.is_whitespace()) {
        match c {
            ':' => {
                let image = scheme == "data"
                    && matches!(name.to_ascii_lowercase().as_str(), "src" | "poster" | "href" | "xlink:href")
                    && image_data(url);
                return image || URL_SCHEMES.contains(&scheme.as_str());
            }
            '/' | '?' | '#' => return true,
            _ => scheme.push(c.to_ascii_lowercase()),
        }
    }
    true
}

/// A data URL of a picture or sound has no script of its own; SVG has, when it is a document.
fn image_data(url: &str) -> bool {
    let rest: String =
        url.chars().filter(|c| !c.is_control() && !c.is_whitespace()).take(64).collect::<String>().to_ascii_lowercase();
    ["data:image/", "data:audio/", "data:video/", "data:font/"].iter().any(|kind| rest.starts_with(kind))
        && !rest.starts_with("data:image/svg")
}
