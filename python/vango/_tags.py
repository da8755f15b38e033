"""The one table of tags and attributes.

`html.py` and `svg.py` make their builders from it, and `tools/make_stubs.py` writes their stubs.
Attributes are spelled as in Python. A tag or an attribute that is missing here still works
(`Tag("my-element")`, `hx_get=`); it is only not completed by an editor.
"""

from keyword import iskeyword
from typing import Final


def python_name(tag: str) -> str:
    """Return the name under which a tag is found in its module: `del` is `del_`."""
    return f"{tag}_" if iskeyword(tag) else tag


GLOBAL: Final = """
    accesskey autocapitalize autocorrect autofocus bind class_ contenteditable dir draggable enterkeyhint
    exportparts hidden id inert inputmode is_ itemid itemprop itemref itemscope itemtype key lang nonce
    part popover ref role slot spellcheck style tabindex title translate writingsuggestions
    aria_activedescendant aria_atomic aria_autocomplete aria_busy aria_checked aria_colcount
    aria_colindex aria_colspan aria_controls aria_current aria_describedby aria_description aria_details
    aria_disabled aria_errormessage aria_expanded aria_flowto aria_haspopup aria_hidden aria_invalid
    aria_keyshortcuts aria_label aria_labelledby aria_level aria_live aria_modal aria_multiline
    aria_multiselectable aria_orientation aria_owns aria_placeholder aria_posinset aria_pressed
    aria_readonly aria_relevant aria_required aria_roledescription aria_rowcount aria_rowindex
    aria_rowspan aria_selected aria_setsize aria_sort aria_valuemax aria_valuemin aria_valuenow
    aria_valuetext
"""

FLAGS: Final = """
    allowfullscreen autofocus autoplay checked controls default disabled formnovalidate indeterminate
    inert ismap itemscope loop multiple muted novalidate open playsinline readonly required reversed
    selected
"""
"""Attributes that are present or absent."""

WORDS: Final = {
    "autocapitalize": "off none on sentences words characters",
    "crossorigin": "anonymous use-credentials",
    "decoding": "sync async auto",
    "dir": "ltr rtl auto",
    "enctype": "application/x-www-form-urlencoded multipart/form-data text/plain",
    "enterkeyhint": "enter done go next previous search send",
    "fetchpriority": "high low auto",
    "hidden": "until-found",
    "inputmode": "none text tel url email numeric decimal search",
    "loading": "lazy eager",
    "method": "get post dialog",
    "popover": "auto manual hint",
    "popovertargetaction": "toggle show hide",
    "preload": "none metadata auto",
    "scope": "row col rowgroup colgroup",
    "shape": "default rect circle poly",
    "target": "_self _blank _parent _top",
    "translate": "yes no",
    "wrap": "soft hard",
    "button.type": "button submit reset",
    "input.type": (
        "button checkbox color date datetime-local email file hidden image month number password radio "
        "range reset search submit tel text time url week"
    ),
    "ol.type": "1 a A i I",
}
"""The words that an attribute takes, of any element or of one."""

HTML: Final = {
    "a": "download href hreflang ping referrerpolicy rel target type",
    "abbr": "",
    "address": "",
    "area": "alt coords download href ping referrerpolicy rel shape target",
    "article": "",
    "aside": "",
    "audio": "autoplay controls crossorigin loop muted preload src",
    "b": "",
    "bdi": "",
    "bdo": "",
    "blockquote": "cite",
    "br": "",
    "button": (
        "command commandfor disabled form formaction formenctype formmethod formnovalidate formtarget "
        "name popovertarget popovertargetaction type value"
    ),
    "canvas": "height width",
    "caption": "",
    "cite": "",
    "code": "",
    "col": "span",
    "colgroup": "span",
    "data": "value",
    "datalist": "",
    "dd": "",
    "del": "cite datetime",
    "details": "name open",
    "dfn": "",
    "dialog": "closedby open",
    "div": "",
    "dl": "",
    "dt": "",
    "em": "",
    "embed": "height src type width",
    "fieldset": "disabled form name",
    "figcaption": "",
    "figure": "",
    "footer": "",
    "form": "accept_charset action autocomplete enctype method name novalidate rel target",
    "h1": "",
    "h2": "",
    "h3": "",
    "h4": "",
    "h5": "",
    "h6": "",
    "header": "",
    "hgroup": "",
    "hr": "",
    "i": "",
    "iframe": "allow allowfullscreen height loading name referrerpolicy sandbox src width",
    "img": (
        "alt crossorigin decoding fetchpriority height ismap loading referrerpolicy sizes src srcset "
        "usemap width"
    ),
    "input": (
        "accept alt autocomplete capture checked dirname disabled form formaction formenctype "
        "formmethod formnovalidate formtarget height indeterminate list max maxlength min minlength "
        "multiple name pattern placeholder popovertarget popovertargetaction readonly required size src "
        "step type value width"
    ),
    "ins": "cite datetime",
    "kbd": "",
    "label": "for_",
    "legend": "",
    "li": "value",
    "link": (
        "as_ blocking color crossorigin disabled fetchpriority href hreflang imagesizes imagesrcset "
        "integrity media referrerpolicy rel sizes type"
    ),
    "main": "",
    "map": "name",
    "mark": "",
    "math": "",
    "menu": "",
    "meta": "charset content http_equiv media name",
    "meter": "high low max min optimum value",
    "nav": "",
    "object": "data form height name type width",
    "ol": "reversed start type",
    "optgroup": "disabled label",
    "option": "disabled label selected value",
    "output": "for_ form name",
    "p": "",
    "picture": "",
    "pre": "",
    "progress": "max value",
    "q": "cite",
    "rp": "",
    "rt": "",
    "ruby": "",
    "s": "",
    "samp": "",
    "search": "",
    "section": "",
    "select": "autocomplete disabled form multiple name required size value",
    "slot": "name",
    "small": "",
    "source": "height media sizes src srcset type width",
    "span": "",
    "strong": "",
    "style": "blocking media",
    "sub": "",
    "summary": "",
    "sup": "",
    "table": "",
    "tbody": "",
    "td": "colspan headers rowspan",
    "textarea": (
        "autocomplete cols dirname disabled form maxlength minlength name placeholder readonly required "
        "rows value wrap"
    ),
    "tfoot": "",
    "th": "abbr colspan headers rowspan scope",
    "thead": "",
    "time": "datetime",
    "title": "",
    "tr": "",
    "track": "default kind label src srclang",
    "u": "",
    "ul": "",
    "var": "",
    "video": "autoplay controls crossorigin height loop muted playsinline poster preload src width",
    "wbr": "",
}
"""Elements and their own attributes; what belongs to the page (`html`, `head`, `body`, `base`, `script`) is
left out, and so are `template` and `noscript`, whose content is no part of the document."""

SVG_GLOBAL: Final = """
    alignment_baseline clip_path clip_rule color color_interpolation color_interpolation_filters cursor
    direction display dominant_baseline fill fill_opacity fill_rule filter flood_color flood_opacity
    font_family font_size font_size_adjust font_stretch font_style font_variant font_weight
    image_rendering letter_spacing lighting_color marker_end marker_mid marker_start mask mask_type
    opacity overflow paint_order pathLength pointer_events requiredExtensions shape_rendering stop_color
    stop_opacity stroke stroke_dasharray stroke_dashoffset stroke_linecap stroke_linejoin
    stroke_miterlimit stroke_opacity stroke_width systemLanguage text_anchor text_decoration
    text_rendering transform transform_origin unicode_bidi vector_effect visibility word_spacing
    writing_mode xml_lang xml_space xmlns
"""

_FE = "height result width x y"
_IN = f"in_ {_FE}"
_FUNCTION = "amplitude exponent intercept offset slope tableValues type"
_ANIMATION = (
    "accumulate additive attributeName begin by calcMode dur end fill from_ keySplines keyTimes max min "
    "repeatCount repeatDur restart to values"
)

SVG: Final = {
    "a": "download href hreflang ping referrerpolicy rel target type xlink_href",
    "animate": _ANIMATION,
    "animateMotion": f"keyPoints path rotate {_ANIMATION}",
    "animateTransform": f"type {_ANIMATION}",
    "circle": "cx cy r",
    "clipPath": "clipPathUnits",
    "defs": "",
    "desc": "",
    "ellipse": "cx cy rx ry",
    "feBlend": f"in2 mode {_IN}",
    "feColorMatrix": f"type values {_IN}",
    "feComponentTransfer": _IN,
    "feComposite": f"in2 k1 k2 k3 k4 operator {_IN}",
    "feConvolveMatrix": (
        f"bias divisor edgeMode kernelMatrix kernelUnitLength order preserveAlpha targetX targetY {_IN}"
    ),
    "feDiffuseLighting": f"diffuseConstant kernelUnitLength surfaceScale {_IN}",
    "feDisplacementMap": f"in2 scale xChannelSelector yChannelSelector {_IN}",
    "feDistantLight": "azimuth elevation",
    "feDropShadow": f"dx dy stdDeviation {_IN}",
    "feFlood": _FE,
    "feFuncA": _FUNCTION,
    "feFuncB": _FUNCTION,
    "feFuncG": _FUNCTION,
    "feFuncR": _FUNCTION,
    "feGaussianBlur": f"edgeMode stdDeviation {_IN}",
    "feImage": f"crossorigin href preserveAspectRatio xlink_href {_FE}",
    "feMerge": _FE,
    "feMergeNode": "in_",
    "feMorphology": f"operator radius {_IN}",
    "feOffset": f"dx dy {_IN}",
    "fePointLight": "x y z",
    "feSpecularLighting": f"kernelUnitLength specularConstant specularExponent surfaceScale {_IN}",
    "feSpotLight": "limitingConeAngle pointsAtX pointsAtY pointsAtZ specularExponent x y z",
    "feTile": _IN,
    "feTurbulence": f"baseFrequency numOctaves seed stitchTiles type {_FE}",
    "filter": "filterUnits height primitiveUnits width x y",
    "foreignObject": "height width x y",
    "g": "",
    "image": "crossorigin decoding height href preserveAspectRatio width x xlink_href y",
    "line": "x1 x2 y1 y2",
    "linearGradient": "gradientTransform gradientUnits href spreadMethod x1 x2 xlink_href y1 y2",
    "marker": "markerHeight markerUnits markerWidth orient preserveAspectRatio refX refY viewBox",
    "mask": "height maskContentUnits maskUnits width x y",
    "metadata": "",
    "mpath": "href xlink_href",
    "path": "d",
    "pattern": (
        "height href patternContentUnits patternTransform patternUnits preserveAspectRatio viewBox "
        "width x xlink_href y"
    ),
    "polygon": "points",
    "polyline": "points",
    "radialGradient": "cx cy fr fx fy gradientTransform gradientUnits href r spreadMethod xlink_href",
    "rect": "height rx ry width x y",
    "set": "attributeName begin dur end fill max min repeatCount repeatDur restart to",
    "stop": "offset",
    "style": "media type",
    "svg": "baseProfile height preserveAspectRatio version viewBox width x xmlns_xlink y zoomAndPan",
    "switch": "",
    "symbol": "height preserveAspectRatio refX refY viewBox width x y",
    "text": "dx dy lengthAdjust rotate textLength x y",
    "textPath": "href lengthAdjust method path side spacing startOffset textLength xlink_href",
    "title": "",
    "tspan": "dx dy lengthAdjust rotate textLength x y",
    "use": "height href width x xlink_href y",
    "view": "preserveAspectRatio viewBox zoomAndPan",
}
"""Elements of SVG and their own attributes, in the case that SVG writes."""
