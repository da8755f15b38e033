"""Builders of SVG elements.

Written by tools/make_stubs.py from the table in _tags.py.
"""
# ruff: noqa: A001, N815, N816

from typing import Literal, Protocol, Unpack, overload

from vango import events as _events
from vango._core import VNode
from vango.components.refs import Ref
from vango.html import Child, ClassValue, Handler, Key, StyleValue, Value, _Bound, _Builder, _Global, _On

__all__ = [
    "a",
    "animate",
    "animateMotion",
    "animateTransform",
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "feBlend",
    "feColorMatrix",
    "feComponentTransfer",
    "feComposite",
    "feConvolveMatrix",
    "feDiffuseLighting",
    "feDisplacementMap",
    "feDistantLight",
    "feDropShadow",
    "feFlood",
    "feFuncA",
    "feFuncB",
    "feFuncG",
    "feFuncR",
    "feGaussianBlur",
    "feImage",
    "feMerge",
    "feMergeNode",
    "feMorphology",
    "feOffset",
    "fePointLight",
    "feSpecularLighting",
    "feSpotLight",
    "feTile",
    "feTurbulence",
    "filter",
    "foreignObject",
    "g",
    "image",
    "line",
    "linearGradient",
    "marker",
    "mask",
    "metadata",
    "mpath",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "set",
    "stop",
    "style",
    "svg",
    "switch",
    "symbol",
    "text",
    "textPath",
    "title",
    "tspan",
    "use",
    "view",
]

class _Shared(_Global, total=False):
    alignment_baseline: Value
    clip_path: Value
    clip_rule: Value
    color: Value
    color_interpolation: Value
    color_interpolation_filters: Value
    cursor: Value
    direction: Value
    display: Value
    dominant_baseline: Value
    fill: Value
    fill_opacity: Value
    fill_rule: Value
    filter: Value
    flood_color: Value
    flood_opacity: Value
    font_family: Value
    font_size: Value
    font_size_adjust: Value
    font_stretch: Value
    font_style: Value
    font_variant: Value
    font_weight: Value
    image_rendering: Value
    letter_spacing: Value
    lighting_color: Value
    marker_end: Value
    marker_mid: Value
    marker_start: Value
    mask: Value
    mask_type: Value
    opacity: Value
    overflow: Value
    paint_order: Value
    pathLength: Value
    pointer_events: Value
    requiredExtensions: Value
    shape_rendering: Value
    stop_color: Value
    stop_opacity: Value
    stroke: Value
    stroke_dasharray: Value
    stroke_dashoffset: Value
    stroke_linecap: Value
    stroke_linejoin: Value
    stroke_miterlimit: Value
    stroke_opacity: Value
    stroke_width: Value
    systemLanguage: Value
    text_anchor: Value
    text_decoration: Value
    text_rendering: Value
    transform: Value
    transform_origin: Value
    unicode_bidi: Value
    vector_effect: Value
    visibility: Value
    word_spacing: Value
    writing_mode: Value
    xml_lang: Value
    xml_space: Value
    xmlns: Value

class _Plain(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_Shared]) -> VNode: ...
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

class _AAttrs(_Shared, total=False):
    download: Value
    href: Value
    hreflang: Value
    ping: Value
    referrerpolicy: Value
    rel: Value
    target: Literal["_self", "_blank", "_parent", "_top"] | Value
    type: Value
    xlink_href: Value

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

class _AnimateAttrs(_Shared, total=False):
    accumulate: Value
    additive: Value
    attributeName: Value
    begin: Value
    by: Value
    calcMode: Value
    dur: Value
    end: Value
    from_: Value
    keySplines: Value
    keyTimes: Value
    max: Value
    min: Value
    repeatCount: Value
    repeatDur: Value
    restart: Value
    to: Value
    values: Value

class _Animate(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_AnimateAttrs]) -> VNode: ...
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

class _AnimateMotionAttrs(_Shared, total=False):
    accumulate: Value
    additive: Value
    attributeName: Value
    begin: Value
    by: Value
    calcMode: Value
    dur: Value
    end: Value
    from_: Value
    keyPoints: Value
    keySplines: Value
    keyTimes: Value
    max: Value
    min: Value
    path: Value
    repeatCount: Value
    repeatDur: Value
    restart: Value
    rotate: Value
    to: Value
    values: Value

class _AnimateMotion(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_AnimateMotionAttrs]) -> VNode: ...
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

class _AnimateTransformAttrs(_Shared, total=False):
    accumulate: Value
    additive: Value
    attributeName: Value
    begin: Value
    by: Value
    calcMode: Value
    dur: Value
    end: Value
    from_: Value
    keySplines: Value
    keyTimes: Value
    max: Value
    min: Value
    repeatCount: Value
    repeatDur: Value
    restart: Value
    to: Value
    type: Value
    values: Value

class _AnimateTransform(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_AnimateTransformAttrs]) -> VNode: ...
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

class _CircleAttrs(_Shared, total=False):
    cx: Value
    cy: Value
    r: Value

class _Circle(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_CircleAttrs]) -> VNode: ...
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

class _ClipPathAttrs(_Shared, total=False):
    clipPathUnits: Value

class _ClipPath(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_ClipPathAttrs]) -> VNode: ...
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

class _EllipseAttrs(_Shared, total=False):
    cx: Value
    cy: Value
    rx: Value
    ry: Value

class _Ellipse(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_EllipseAttrs]) -> VNode: ...
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

class _FeBlendAttrs(_Shared, total=False):
    height: Value
    in2: Value
    in_: Value
    mode: Value
    result: Value
    width: Value
    x: Value
    y: Value

class _FeBlend(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FeBlendAttrs]) -> VNode: ...
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

class _FeColorMatrixAttrs(_Shared, total=False):
    height: Value
    in_: Value
    result: Value
    type: Value
    values: Value
    width: Value
    x: Value
    y: Value

class _FeColorMatrix(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FeColorMatrixAttrs]) -> VNode: ...
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

class _FeComponentTransferAttrs(_Shared, total=False):
    height: Value
    in_: Value
    result: Value
    width: Value
    x: Value
    y: Value

class _FeComponentTransfer(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FeComponentTransferAttrs]) -> VNode: ...
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

class _FeCompositeAttrs(_Shared, total=False):
    height: Value
    in2: Value
    in_: Value
    k1: Value
    k2: Value
    k3: Value
    k4: Value
    operator: Value
    result: Value
    width: Value
    x: Value
    y: Value

class _FeComposite(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FeCompositeAttrs]) -> VNode: ...
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

class _FeConvolveMatrixAttrs(_Shared, total=False):
    bias: Value
    divisor: Value
    edgeMode: Value
    height: Value
    in_: Value
    kernelMatrix: Value
    kernelUnitLength: Value
    order: Value
    preserveAlpha: Value
    result: Value
    targetX: Value
    targetY: Value
    width: Value
    x: Value
    y: Value

class _FeConvolveMatrix(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FeConvolveMatrixAttrs]) -> VNode: ...
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

class _FeDiffuseLightingAttrs(_Shared, total=False):
    diffuseConstant: Value
    height: Value
    in_: Value
    kernelUnitLength: Value
    result: Value
    surfaceScale: Value
    width: Value
    x: Value
    y: Value

class _FeDiffuseLighting(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FeDiffuseLightingAttrs]) -> VNode: ...
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

class _FeDisplacementMapAttrs(_Shared, total=False):
    height: Value
    in2: Value
    in_: Value
    result: Value
    scale: Value
    width: Value
    x: Value
    xChannelSelector: Value
    y: Value
    yChannelSelector: Value

class _FeDisplacementMap(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FeDisplacementMapAttrs]) -> VNode: ...
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

class _FeDistantLightAttrs(_Shared, total=False):
    azimuth: Value
    elevation: Value

class _FeDistantLight(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FeDistantLightAttrs]) -> VNode: ...
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

class _FeDropShadowAttrs(_Shared, total=False):
    dx: Value
    dy: Value
    height: Value
    in_: Value
    result: Value
    stdDeviation: Value
    width: Value
    x: Value
    y: Value

class _FeDropShadow(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FeDropShadowAttrs]) -> VNode: ...
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

class _FeFloodAttrs(_Shared, total=False):
    height: Value
    result: Value
    width: Value
    x: Value
    y: Value

class _FeFlood(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FeFloodAttrs]) -> VNode: ...
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

class _FeFuncAAttrs(_Shared, total=False):
    amplitude: Value
    exponent: Value
    intercept: Value
    offset: Value
    slope: Value
    tableValues: Value
    type: Value

class _FeFuncA(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FeFuncAAttrs]) -> VNode: ...
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

class _FeFuncBAttrs(_Shared, total=False):
    amplitude: Value
    exponent: Value
    intercept: Value
    offset: Value
    slope: Value
    tableValues: Value
    type: Value

class _FeFuncB(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FeFuncBAttrs]) -> VNode: ...
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

class _FeFuncGAttrs(_Shared, total=False):
    amplitude: Value
    exponent: Value
    intercept: Value
    offset: Value
    slope: Value
    tableValues: Value
    type: Value

class _FeFuncG(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FeFuncGAttrs]) -> VNode: ...
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

class _FeFuncRAttrs(_Shared, total=False):
    amplitude: Value
    exponent: Value
    intercept: Value
    offset: Value
    slope: Value
    tableValues: Value
    type: Value

class _FeFuncR(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FeFuncRAttrs]) -> VNode: ...
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

class _FeGaussianBlurAttrs(_Shared, total=False):
    edgeMode: Value
    height: Value
    in_: Value
    result: Value
    stdDeviation: Value
    width: Value
    x: Value
    y: Value

class _FeGaussianBlur(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FeGaussianBlurAttrs]) -> VNode: ...
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

class _FeImageAttrs(_Shared, total=False):
    crossorigin: Literal["anonymous", "use-credentials"] | Value
    height: Value
    href: Value
    preserveAspectRatio: Value
    result: Value
    width: Value
    x: Value
    xlink_href: Value
    y: Value

class _FeImage(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FeImageAttrs]) -> VNode: ...
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

class _FeMergeAttrs(_Shared, total=False):
    height: Value
    result: Value
    width: Value
    x: Value
    y: Value

class _FeMerge(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FeMergeAttrs]) -> VNode: ...
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

class _FeMergeNodeAttrs(_Shared, total=False):
    in_: Value

class _FeMergeNode(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FeMergeNodeAttrs]) -> VNode: ...
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

class _FeMorphologyAttrs(_Shared, total=False):
    height: Value
    in_: Value
    operator: Value
    radius: Value
    result: Value
    width: Value
    x: Value
    y: Value

class _FeMorphology(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FeMorphologyAttrs]) -> VNode: ...
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

class _FeOffsetAttrs(_Shared, total=False):
    dx: Value
    dy: Value
    height: Value
    in_: Value
    result: Value
    width: Value
    x: Value
    y: Value

class _FeOffset(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FeOffsetAttrs]) -> VNode: ...
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

class _FePointLightAttrs(_Shared, total=False):
    x: Value
    y: Value
    z: Value

class _FePointLight(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FePointLightAttrs]) -> VNode: ...
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

class _FeSpecularLightingAttrs(_Shared, total=False):
    height: Value
    in_: Value
    kernelUnitLength: Value
    result: Value
    specularConstant: Value
    specularExponent: Value
    surfaceScale: Value
    width: Value
    x: Value
    y: Value

class _FeSpecularLighting(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FeSpecularLightingAttrs]) -> VNode: ...
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

class _FeSpotLightAttrs(_Shared, total=False):
    limitingConeAngle: Value
    pointsAtX: Value
    pointsAtY: Value
    pointsAtZ: Value
    specularExponent: Value
    x: Value
    y: Value
    z: Value

class _FeSpotLight(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FeSpotLightAttrs]) -> VNode: ...
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

class _FeTileAttrs(_Shared, total=False):
    height: Value
    in_: Value
    result: Value
    width: Value
    x: Value
    y: Value

class _FeTile(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FeTileAttrs]) -> VNode: ...
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

class _FeTurbulenceAttrs(_Shared, total=False):
    baseFrequency: Value
    height: Value
    numOctaves: Value
    result: Value
    seed: Value
    stitchTiles: Value
    type: Value
    width: Value
    x: Value
    y: Value

class _FeTurbulence(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FeTurbulenceAttrs]) -> VNode: ...
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

class _FilterAttrs(_Shared, total=False):
    filterUnits: Value
    height: Value
    primitiveUnits: Value
    width: Value
    x: Value
    y: Value

class _Filter(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_FilterAttrs]) -> VNode: ...
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

class _ForeignObjectAttrs(_Shared, total=False):
    height: Value
    width: Value
    x: Value
    y: Value

class _ForeignObject(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_ForeignObjectAttrs]) -> VNode: ...
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

class _ImageAttrs(_Shared, total=False):
    crossorigin: Literal["anonymous", "use-credentials"] | Value
    decoding: Literal["sync", "async", "auto"] | Value
    height: Value
    href: Value
    preserveAspectRatio: Value
    width: Value
    x: Value
    xlink_href: Value
    y: Value

class _Image(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_ImageAttrs]) -> VNode: ...
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

class _LineAttrs(_Shared, total=False):
    x1: Value
    x2: Value
    y1: Value
    y2: Value

class _Line(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_LineAttrs]) -> VNode: ...
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

class _LinearGradientAttrs(_Shared, total=False):
    gradientTransform: Value
    gradientUnits: Value
    href: Value
    spreadMethod: Value
    x1: Value
    x2: Value
    xlink_href: Value
    y1: Value
    y2: Value

class _LinearGradient(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_LinearGradientAttrs]) -> VNode: ...
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

class _MarkerAttrs(_Shared, total=False):
    markerHeight: Value
    markerUnits: Value
    markerWidth: Value
    orient: Value
    preserveAspectRatio: Value
    refX: Value
    refY: Value
    viewBox: Value

class _Marker(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_MarkerAttrs]) -> VNode: ...
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

class _MaskAttrs(_Shared, total=False):
    height: Value
    maskContentUnits: Value
    maskUnits: Value
    width: Value
    x: Value
    y: Value

class _Mask(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_MaskAttrs]) -> VNode: ...
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

class _MpathAttrs(_Shared, total=False):
    href: Value
    xlink_href: Value

class _Mpath(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_MpathAttrs]) -> VNode: ...
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

class _PathAttrs(_Shared, total=False):
    d: Value

class _Path(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_PathAttrs]) -> VNode: ...
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

class _PatternAttrs(_Shared, total=False):
    height: Value
    href: Value
    patternContentUnits: Value
    patternTransform: Value
    patternUnits: Value
    preserveAspectRatio: Value
    viewBox: Value
    width: Value
    x: Value
    xlink_href: Value
    y: Value

class _Pattern(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_PatternAttrs]) -> VNode: ...
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

class _PolygonAttrs(_Shared, total=False):
    points: Value

class _Polygon(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_PolygonAttrs]) -> VNode: ...
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

class _PolylineAttrs(_Shared, total=False):
    points: Value

class _Polyline(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_PolylineAttrs]) -> VNode: ...
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

class _RadialGradientAttrs(_Shared, total=False):
    cx: Value
    cy: Value
    fr: Value
    fx: Value
    fy: Value
    gradientTransform: Value
    gradientUnits: Value
    href: Value
    r: Value
    spreadMethod: Value
    xlink_href: Value

class _RadialGradient(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_RadialGradientAttrs]) -> VNode: ...
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

class _RectAttrs(_Shared, total=False):
    height: Value
    rx: Value
    ry: Value
    width: Value
    x: Value
    y: Value

class _Rect(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_RectAttrs]) -> VNode: ...
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

class _SetAttrs(_Shared, total=False):
    attributeName: Value
    begin: Value
    dur: Value
    end: Value
    max: Value
    min: Value
    repeatCount: Value
    repeatDur: Value
    restart: Value
    to: Value

class _Set(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_SetAttrs]) -> VNode: ...
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

class _StopAttrs(_Shared, total=False):
    offset: Value

class _Stop(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_StopAttrs]) -> VNode: ...
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

class _StyleAttrs(_Shared, total=False):
    media: Value
    type: Value

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

class _SvgAttrs(_Shared, total=False):
    baseProfile: Value
    height: Value
    preserveAspectRatio: Value
    version: Value
    viewBox: Value
    width: Value
    x: Value
    xmlns_xlink: Value
    y: Value
    zoomAndPan: Value

class _Svg(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_SvgAttrs]) -> VNode: ...
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

class _SymbolAttrs(_Shared, total=False):
    height: Value
    preserveAspectRatio: Value
    refX: Value
    refY: Value
    viewBox: Value
    width: Value
    x: Value
    y: Value

class _Symbol(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_SymbolAttrs]) -> VNode: ...
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

class _TextAttrs(_Shared, total=False):
    dx: Value
    dy: Value
    lengthAdjust: Value
    rotate: Value
    textLength: Value
    x: Value
    y: Value

class _Text(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_TextAttrs]) -> VNode: ...
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

class _TextPathAttrs(_Shared, total=False):
    href: Value
    lengthAdjust: Value
    method: Literal["get", "post", "dialog"] | Value
    path: Value
    side: Value
    spacing: Value
    startOffset: Value
    textLength: Value
    xlink_href: Value

class _TextPath(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_TextPathAttrs]) -> VNode: ...
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

class _TspanAttrs(_Shared, total=False):
    dx: Value
    dy: Value
    lengthAdjust: Value
    rotate: Value
    textLength: Value
    x: Value
    y: Value

class _Tspan(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_TspanAttrs]) -> VNode: ...
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

class _UseAttrs(_Shared, total=False):
    height: Value
    href: Value
    width: Value
    x: Value
    xlink_href: Value
    y: Value

class _Use(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_UseAttrs]) -> VNode: ...
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

class _ViewAttrs(_Shared, total=False):
    preserveAspectRatio: Value
    viewBox: Value
    zoomAndPan: Value

class _View(_Builder, Protocol):
    @overload
    def __call__(self, *children: Child, **attrs: Unpack[_ViewAttrs]) -> VNode: ...
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
animate: _Animate
animateMotion: _AnimateMotion
animateTransform: _AnimateTransform
circle: _Circle
clipPath: _ClipPath
defs: _Plain
desc: _Plain
ellipse: _Ellipse
feBlend: _FeBlend
feColorMatrix: _FeColorMatrix
feComponentTransfer: _FeComponentTransfer
feComposite: _FeComposite
feConvolveMatrix: _FeConvolveMatrix
feDiffuseLighting: _FeDiffuseLighting
feDisplacementMap: _FeDisplacementMap
feDistantLight: _FeDistantLight
feDropShadow: _FeDropShadow
feFlood: _FeFlood
feFuncA: _FeFuncA
feFuncB: _FeFuncB
feFuncG: _FeFuncG
feFuncR: _FeFuncR
feGaussianBlur: _FeGaussianBlur
feImage: _FeImage
feMerge: _FeMerge
feMergeNode: _FeMergeNode
feMorphology: _FeMorphology
feOffset: _FeOffset
fePointLight: _FePointLight
feSpecularLighting: _FeSpecularLighting
feSpotLight: _FeSpotLight
feTile: _FeTile
feTurbulence: _FeTurbulence
filter: _Filter
foreignObject: _ForeignObject
g: _Plain
image: _Image
line: _Line
linearGradient: _LinearGradient
marker: _Marker
mask: _Mask
metadata: _Plain
mpath: _Mpath
path: _Path
pattern: _Pattern
polygon: _Polygon
polyline: _Polyline
radialGradient: _RadialGradient
rect: _Rect
set: _Set
stop: _Stop
style: _Style
svg: _Svg
switch: _Plain
symbol: _Symbol
text: _Text
textPath: _TextPath
title: _Plain
tspan: _Tspan
use: _Use
view: _View
