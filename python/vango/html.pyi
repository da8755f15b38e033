"""Builders of HTML elements, and what stands beside them.

Written by tools/make_stubs.py from the table in _tags.py.
"""
# ruff: noqa: A001, RUF022

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, Protocol, TypeAlias, TypedDict, TypeVar, Unpack, overload
from uuid import UUID

from vango import events as _events
from vango._core import Component, Marked, Slot, Tag as Tag, VNode as VNode, fragment as fragment, raw as raw
from vango.components.bind import Binding
from vango.components.refs import Ref
from vango.reactive.signals import Signal

__all__ = [
    "Child",
    "ClassValue",
    "Flag",
    "Handler",
    "Key",
    "StyleValue",
    "SupportsHtml",
    "Tag",
    "VNode",
    "Value",
    "fragment",
    "raw",
    "a",
    "abbr",
    "address",
    "area",
    "article",
    "aside",
    "audio",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "button",
    "canvas",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "data",
    "datalist",
    "dd",
    "del_",
    "details",
    "dfn",
    "dialog",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "legend",
    "li",
    "link",
    "main",
    "map",
    "mark",
    "math",
    "menu",
    "meta",
    "meter",
    "nav",
    "object",
    "ol",
    "optgroup",
    "option",
    "output",
    "p",
    "picture",
    "pre",
    "progress",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "search",
    "section",
    "select",
    "slot",
    "small",
    "source",
    "span",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "track",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
]

class SupportsHtml(Protocol):
    """An object of another library that knows its HTML, which is shown as it is."""

    def __html__(self) -> str: ...

Child: TypeAlias = (
    str | float | VNode | Tag | Slot | Component | SupportsHtml | Callable[[], Any] | Iterable[Child] | None
)
"""What may stand in an element: `None` and `False` are nothing, a function is a slot."""
Value: TypeAlias = str | float | Slot | Callable[[], Any] | None
"""The value of an attribute: `True` is present, `None` and `False` are absent, a function is a slot."""
Flag: TypeAlias = bool | Slot | Callable[[], Any] | None
"""The value of an attribute that is present or absent."""
ClassValue: TypeAlias = Value | Sequence[str | bool | None] | Mapping[str, Any]
"""Also a list of names, or a dict of those that are there when the value is true."""
StyleValue: TypeAlias = Value | Mapping[str, str | float | None]
"""Also a dict of declarations."""
Handler: TypeAlias = Callable[..., Any] | tuple[Any, ...] | Marked | Literal[False] | None
"""A function, a tuple of a function and its first arguments, or what `on()` gives."""
_Event = TypeVar("_Event")
_On: TypeAlias = (
    Callable[[_Event], Any] | Callable[[], Any] | tuple[Any, ...] | Marked | Literal[False] | None
)
"""A handler of one kind of events, which it is given if it asks for them."""
_Bound: TypeAlias = Binding[Any] | Signal[Any] | None
"""A signal that a control shows and writes, or what `bind()` says of one."""
Key: TypeAlias = str | int | bytes | UUID | tuple[Key, ...] | None
"""The identity of an element among its siblings."""

class _Builder(Protocol):
    @property
    def name(self) -> str: ...
    def __getitem__(self, children: Child, /) -> VNode: ...

class _Global(TypedDict, total=False):
    accesskey: Value
    aria_activedescendant: Value
    aria_atomic: Value
    aria_autocomplete: Value
    aria_busy: Value
    aria_checked: Value
    aria_colcount: Value
    aria_colindex: Value
    aria_colspan: Value
    aria_controls: Value
    aria_current: Value
    aria_describedby: Value
    aria_description: Value
    aria_details: Value
    aria_disabled: Value
    aria_errormessage: Value
    aria_expanded: Value
    aria_flowto: Value
    aria_haspopup: Value
    aria_hidden: Value
    aria_invalid: Value
    aria_keyshortcuts: Value
    aria_label: Value
    aria_labelledby: Value
    aria_level: Value
    aria_live: Value
    aria_modal: Value
    aria_multiline: Value
    aria_multiselectable: Value
    aria_orientation: Value
    aria_owns: Value
    aria_placeholder: Value
    aria_posinset: Value
    aria_pressed: Value
    aria_readonly: Value
    aria_relevant: Value
    aria_required: Value
    aria_roledescription: Value
    aria_rowcount: Value
    aria_rowindex: Value
    aria_rowspan: Value
    aria_selected: Value
    aria_setsize: Value
    aria_sort: Value
    aria_valuemax: Value
    aria_valuemin: Value
    aria_valuenow: Value
    aria_valuetext: Value
    autocapitalize: Literal["off", "none", "on", "sentences", "words", "characters"] | Value
    autocorrect: Value
    autofocus: Flag
    bind: _Bound
    class_: ClassValue
    contenteditable: Value
    dir: Literal["ltr", "rtl", "auto"] | Value
    draggable: Value
    enterkeyhint: Literal["enter", "done", "go", "next", "previous", "search", "send"] | Value
    exportparts: Value
    hidden: Literal["until-found"] | Value
    id: Value
    inert: Flag
    inputmode: Literal["none", "text", "tel", "url", "email", "numeric", "decimal", "search"] | Value
    is_: Value
    itemid: Value
    itemprop: Value
    itemref: Value
    itemscope: Flag
    itemtype: Value
    key: Key
    lang: Value
    nonce: Value
    part: Value
    popover: Literal["auto", "manual", "hint"] | Value
    ref: Ref | None
    role: Value
    slot: Value
    spellcheck: Value
    style: StyleValue
    tabindex: Value
    title: Value
    translate: Literal["yes", "no"] | Value
    writingsuggestions: Value
    on_click: _On[_events.Click]
    on_dblclick: _On[_events.Click]
    on_input: _On[_events.Input]
    on_change: _On[_events.Change]
    on_submit: _On[_events.Submit]
    on_reset: _On[_events.Reset]
    on_focus: _On[_events.Focus]
    on_blur: _On[_events.Focus]
    on_keydown: _On[_events.Key]
    on_keyup: _On[_events.Key]
    on_pointerdown: _On[_events.Pointer]
    on_pointerup: _On[_events.Pointer]
    on_pointermove: _On[_events.Pointer]
    on_pointerenter: _On[_events.Pointer]
    on_pointerleave: _On[_events.Pointer]
    on_contextmenu: _On[_events.Click]
    on_wheel: _On[_events.Wheel]
    on_scroll: _On[_events.Scroll]
    on_resize: _On[_events.Resize]
    on_dragstart: _On[_events.Drag]
    on_dragover: _On[_events.Drag]
    on_drop: _On[_events.Drag]
    on_dragend: _On[_events.Drag]
    on_copy: _On[_events.Clipboard]
    on_cut: _On[_events.Clipboard]
    on_paste: _On[_events.Clipboard]
    on_toggle: _On[_events.Toggle]
    on_load: _On[_events.Load]
    on_error: _On[_events.Load]
    on_in_view: _On[_events.Visibility]
    on_out_of_view: _On[_events.Visibility]
    on_hook: _On[_events.Hook]
    on_mousedown: _On[_events.Mouse]
    on_mouseup: _On[_events.Mouse]
    on_mousemove: _On[_events.Mouse]
    on_mouseenter: _On[_events.Mouse]
    on_mouseleave: _On[_events.Mouse]
    on_auxclick: _On[_events.Click]
    on_pointercancel: _On[_events.Pointer]
    on_drag: _On[_events.Drag]
    on_dragenter: _On[_events.Drag]
    on_dragleave: _On[_events.Drag]
    on_touchstart: _On[_events.Touch]
    on_touchmove: _On[_events.Touch]
    on_touchend: _On[_events.Touch]
    on_touchcancel: _On[_events.Touch]
    on_invalid: _On[_events.Invalid]
    on_beforetoggle: _On[_events.Toggle]
    on_cancel: _On[_events.Close]
    on_close: _On[_events.Close]
    on_animationstart: _On[_events.Animation]
    on_animationiteration: _On[_events.Animation]
    on_animationend: _On[_events.Animation]
    on_animationcancel: _On[_events.Animation]
    on_transitionrun: _On[_events.Transition]
    on_transitionstart: _On[_events.Transition]
    on_transitionend: _On[_events.Transition]
    on_transitioncancel: _On[_events.Transition]
    on_play: _On[_events.Media]
    on_playing: _On[_events.Media]
    on_pause: _On[_events.Media]
    on_waiting: _On[_events.Media]
    on_stalled: _On[_events.Media]
    on_seeking: _On[_events.Media]
    on_seeked: _On[_events.Media]
    on_timeupdate: _On[_events.Media]
    on_durationchange: _On[_events.Media]
    on_ratechange: _On[_events.Media]
    on_volumechange: _On[_events.Media]
    on_loadedmetadata: _On[_events.Media]
    on_loadeddata: _On[_events.Media]
    on_canplay: _On[_events.Media]
    on_ended: _On[_events.Media]
    on_scrollend: _On[_events.Scroll]

class _Plain(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_Global]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _AAttrs(_Global, total=False):
    download: Value
    href: Value
    hreflang: Value
    ping: Value
    referrerpolicy: Value
    rel: Value
    target: Literal["_self", "_blank", "_parent", "_top"] | Value
    type: Value

class _A(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_AAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _AreaAttrs(_Global, total=False):
    alt: Value
    coords: Value
    download: Value
    href: Value
    ping: Value
    referrerpolicy: Value
    rel: Value
    shape: Literal["default", "rect", "circle", "poly"] | Value
    target: Literal["_self", "_blank", "_parent", "_top"] | Value

class _Area(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_AreaAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _AudioAttrs(_Global, total=False):
    autoplay: Flag
    controls: Flag
    crossorigin: Literal["anonymous", "use-credentials"] | Value
    loop: Flag
    muted: Flag
    preload: Literal["none", "metadata", "auto"] | Value
    src: Value

class _Audio(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_AudioAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _BlockquoteAttrs(_Global, total=False):
    cite: Value

class _Blockquote(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_BlockquoteAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _ButtonAttrs(_Global, total=False):
    command: Value
    commandfor: Value
    disabled: Flag
    form: Value
    formaction: Value
    formenctype: Value
    formmethod: Value
    formnovalidate: Flag
    formtarget: Value
    name: Value
    popovertarget: Value
    popovertargetaction: Literal["toggle", "show", "hide"] | Value
    type: Literal["button", "submit", "reset"] | Value
    value: Value

class _Button(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_ButtonAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _CanvasAttrs(_Global, total=False):
    height: Value
    width: Value

class _Canvas(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_CanvasAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _ColAttrs(_Global, total=False):
    span: Value

class _Col(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_ColAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _ColgroupAttrs(_Global, total=False):
    span: Value

class _Colgroup(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_ColgroupAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _DataAttrs(_Global, total=False):
    value: Value

class _Data(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_DataAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _DelAttrs(_Global, total=False):
    cite: Value
    datetime: Value

class _Del(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_DelAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _DetailsAttrs(_Global, total=False):
    name: Value
    open: Flag

class _Details(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_DetailsAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _DialogAttrs(_Global, total=False):
    closedby: Value
    open: Flag

class _Dialog(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_DialogAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _EmbedAttrs(_Global, total=False):
    height: Value
    src: Value
    type: Value
    width: Value

class _Embed(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_EmbedAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _FieldsetAttrs(_Global, total=False):
    disabled: Flag
    form: Value
    name: Value

class _Fieldset(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FieldsetAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _FormAttrs(_Global, total=False):
    accept_charset: Value
    action: Value
    autocomplete: Value
    enctype: Literal["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"] | Value
    method: Literal["get", "post", "dialog"] | Value
    name: Value
    novalidate: Flag
    rel: Value
    target: Literal["_self", "_blank", "_parent", "_top"] | Value

class _Form(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FormAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _IframeAttrs(_Global, total=False):
    allow: Value
    allowfullscreen: Flag
    height: Value
    loading: Literal["lazy", "eager"] | Value
    name: Value
    referrerpolicy: Value
    sandbox: Value
    src: Value
    width: Value

class _Iframe(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_IframeAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _ImgAttrs(_Global, total=False):
    alt: Value
    crossorigin: Literal["anonymous", "use-credentials"] | Value
    decoding: Literal["sync", "async", "auto"] | Value
    fetchpriority: Literal["high", "low", "auto"] | Value
    height: Value
    ismap: Flag
    loading: Literal["lazy", "eager"] | Value
    referrerpolicy: Value
    sizes: Value
    src: Value
    srcset: Value
    usemap: Value
    width: Value

class _Img(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_ImgAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _InputAttrs(_Global, total=False):
    accept: Value
    alt: Value
    autocomplete: Value
    capture: Value
    checked: Flag
    dirname: Value
    disabled: Flag
    form: Value
    formaction: Value
    formenctype: Value
    formmethod: Value
    formnovalidate: Flag
    formtarget: Value
    height: Value
    indeterminate: Flag
    list: Value
    max: Value
    maxlength: Value
    min: Value
    minlength: Value
    multiple: Flag
    name: Value
    pattern: Value
    placeholder: Value
    popovertarget: Value
    popovertargetaction: Literal["toggle", "show", "hide"] | Value
    readonly: Flag
    required: Flag
    size: Value
    src: Value
    step: Value
    type: (
        Literal[
            "button",
            "checkbox",
            "color",
            "date",
            "datetime-local",
            "email",
            "file",
            "hidden",
            "image",
            "month",
            "number",
            "password",
            "radio",
            "range",
            "reset",
            "search",
            "submit",
            "tel",
            "text",
            "time",
            "url",
            "week",
        ]
        | Value
    )
    value: Value
    width: Value

class _Input(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_InputAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _InsAttrs(_Global, total=False):
    cite: Value
    datetime: Value

class _Ins(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_InsAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _LabelAttrs(_Global, total=False):
    for_: Value

class _Label(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_LabelAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _LiAttrs(_Global, total=False):
    value: Value

class _Li(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_LiAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _LinkAttrs(_Global, total=False):
    as_: Value
    blocking: Value
    color: Value
    crossorigin: Literal["anonymous", "use-credentials"] | Value
    disabled: Flag
    fetchpriority: Literal["high", "low", "auto"] | Value
    href: Value
    hreflang: Value
    imagesizes: Value
    imagesrcset: Value
    integrity: Value
    media: Value
    referrerpolicy: Value
    rel: Value
    sizes: Value
    type: Value

class _Link(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_LinkAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _MapAttrs(_Global, total=False):
    name: Value

class _Map(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_MapAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _MetaAttrs(_Global, total=False):
    charset: Value
    content: Value
    http_equiv: Value
    media: Value
    name: Value

class _Meta(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_MetaAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _MeterAttrs(_Global, total=False):
    high: Value
    low: Value
    max: Value
    min: Value
    optimum: Value
    value: Value

class _Meter(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_MeterAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _ObjectAttrs(_Global, total=False):
    data: Value
    form: Value
    height: Value
    name: Value
    type: Value
    width: Value

class _Object(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_ObjectAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _OlAttrs(_Global, total=False):
    reversed: Flag
    start: Value
    type: Literal["1", "a", "A", "i", "I"] | Value

class _Ol(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_OlAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _OptgroupAttrs(_Global, total=False):
    disabled: Flag
    label: Value

class _Optgroup(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_OptgroupAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _OptionAttrs(_Global, total=False):
    disabled: Flag
    label: Value
    selected: Flag
    value: Value

class _Option(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_OptionAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _OutputAttrs(_Global, total=False):
    for_: Value
    form: Value
    name: Value

class _Output(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_OutputAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _ProgressAttrs(_Global, total=False):
    max: Value
    value: Value

class _Progress(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_ProgressAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _QAttrs(_Global, total=False):
    cite: Value

class _Q(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_QAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _SelectAttrs(_Global, total=False):
    autocomplete: Value
    disabled: Flag
    form: Value
    multiple: Flag
    name: Value
    required: Flag
    size: Value
    value: Value

class _Select(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_SelectAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _SlotAttrs(_Global, total=False):
    name: Value

class _Slot(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_SlotAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _SourceAttrs(_Global, total=False):
    height: Value
    media: Value
    sizes: Value
    src: Value
    srcset: Value
    type: Value
    width: Value

class _Source(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_SourceAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _StyleAttrs(_Global, total=False):
    blocking: Value
    media: Value

class _Style(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_StyleAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _TdAttrs(_Global, total=False):
    colspan: Value
    headers: Value
    rowspan: Value

class _Td(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_TdAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _TextareaAttrs(_Global, total=False):
    autocomplete: Value
    cols: Value
    dirname: Value
    disabled: Flag
    form: Value
    maxlength: Value
    minlength: Value
    name: Value
    placeholder: Value
    readonly: Flag
    required: Flag
    rows: Value
    value: Value
    wrap: Literal["soft", "hard"] | Value

class _Textarea(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_TextareaAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _ThAttrs(_Global, total=False):
    abbr: Value
    colspan: Value
    headers: Value
    rowspan: Value
    scope: Literal["row", "col", "rowgroup", "colgroup"] | Value

class _Th(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_ThAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _TimeAttrs(_Global, total=False):
    datetime: Value

class _Time(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_TimeAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _TrackAttrs(_Global, total=False):
    default: Flag
    kind: Value
    label: Value
    src: Value
    srclang: Value

class _Track(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_TrackAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

class _VideoAttrs(_Global, total=False):
    autoplay: Flag
    controls: Flag
    crossorigin: Literal["anonymous", "use-credentials"] | Value
    height: Value
    loop: Flag
    muted: Flag
    playsinline: Flag
    poster: Value
    preload: Literal["none", "metadata", "auto"] | Value
    src: Value
    width: Value

class _Video(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_VideoAttrs]) -> VNode: ...
    @overload
    def __call__(
        self,
        *children: Child,
        key: Key = ...,
        class_: ClassValue = ...,
        style: StyleValue = ...,
        bind: _Bound = ...,
        ref: Ref | None = ...,
        on_click: _On[_events.Click] = ...,
        on_input: _On[_events.Input] = ...,
        on_change: _On[_events.Change] = ...,
        on_submit: _On[_events.Submit] = ...,
        on_keydown: _On[_events.Key] = ...,
        on_focus: _On[_events.Focus] = ...,
        on_blur: _On[_events.Focus] = ...,
        **attrs: Value | Handler,
    ) -> VNode: ...

a: _A
abbr: _Plain
address: _Plain
area: _Area
article: _Plain
aside: _Plain
audio: _Audio
b: _Plain
bdi: _Plain
bdo: _Plain
blockquote: _Blockquote
br: _Plain
button: _Button
canvas: _Canvas
caption: _Plain
cite: _Plain
code: _Plain
col: _Col
colgroup: _Colgroup
data: _Data
datalist: _Plain
dd: _Plain
del_: _Del
details: _Details
dfn: _Plain
dialog: _Dialog
div: _Plain
dl: _Plain
dt: _Plain
em: _Plain
embed: _Embed
fieldset: _Fieldset
figcaption: _Plain
figure: _Plain
footer: _Plain
form: _Form
h1: _Plain
h2: _Plain
h3: _Plain
h4: _Plain
h5: _Plain
h6: _Plain
header: _Plain
hgroup: _Plain
hr: _Plain
i: _Plain
iframe: _Iframe
img: _Img
input: _Input
ins: _Ins
kbd: _Plain
label: _Label
legend: _Plain
li: _Li
link: _Link
main: _Plain
map: _Map
mark: _Plain
math: _Plain
menu: _Plain
meta: _Meta
meter: _Meter
nav: _Plain
object: _Object
ol: _Ol
optgroup: _Optgroup
option: _Option
output: _Output
p: _Plain
picture: _Plain
pre: _Plain
progress: _Progress
q: _Q
rp: _Plain
rt: _Plain
ruby: _Plain
s: _Plain
samp: _Plain
search: _Plain
section: _Plain
select: _Select
slot: _Slot
small: _Plain
source: _Source
span: _Plain
strong: _Plain
style: _Style
sub: _Plain
summary: _Plain
sup: _Plain
table: _Plain
tbody: _Plain
td: _Td
textarea: _Textarea
tfoot: _Plain
th: _Th
thead: _Plain
time: _Time
title: _Plain
tr: _Plain
track: _Track
u: _Plain
ul: _Plain
var: _Plain
video: _Video
wbr: _Plain
