"""Keyword arguments of a builder: names, forms of values, properties, keys, and what is refused."""

import functools
from datetime import date
from uuid import UUID

import pytest

from vango import html as h, svg
from vango._core import Component, Slot, attr_value

UID = UUID(int=7)


class Signal(Slot):
    pass


ATTRS = [
    (h.p(class_="a b"), {"class": "a b"}),
    (h.p(class_=""), {"class": ""}),
    (h.p(class_=["a", None, False, "b"]), {"class": "a b"}),
    (h.p(class_=("a",)), {"class": "a"}),
    (h.p(class_={"a": 1, "b": 0, "c d": "yes"}), {"class": "a c d"}),
    (h.p(class_=[]), {}),
    (h.p(class_={"a": False}), {}),
    (h.p(class_=None), {}),
    (h.p(style="color: red"), {"style": "color: red"}),
    (h.p(style={"font_size": "2em", "--my_own": 1, "top": None, "left": 0}),
     {"style": "font-size: 2em; --my_own: 1; left: 0"}),
    (h.p(style={"top": False}), {}),
    (h.label(for_="x"), {"for": "x"}),
    (h.p(data_some_name=1, aria_label="l"), {"data-some-name": "1", "aria-label": "l"}),
    (h.form(accept_charset="utf-8"), {"accept-charset": "utf-8"}),
    (h.meta(http_equiv="refresh"), {"http-equiv": "refresh"}),
    (h.p(hidden=True, inert=False, title=None), {"hidden": ""}),
    (h.p(aria_hidden=True, aria_busy=False), {"aria-hidden": "true", "aria-busy": "false"}),
    (h.p(contenteditable=True, draggable=False, spellcheck=False),
     {"contenteditable": "true", "draggable": "false", "spellcheck": "false"}),
    (h.p(**{"hx-get": "/x", "@click": "y"}), {"hx-get": "/x", "@click": "y"}),
    (h.p(hx_get="/x"), {"hx-get": "/x"}),
    (h.td(colspan=2, title=1.5), {"colspan": "2", "title": "1.5"}),
    (h.input(value=3, checked=True), {".value": "3", ".checked": ""}),
    (h.input(checked=False, indeterminate=True), {".indeterminate": ""}),
    (h.input(checked="checked"), {".checked": ""}),
    (h.select(value="a"), {".value": "a"}),
    (h.option(value="a", selected=True), {"value": "a", ".selected": ""}),
    (h.textarea(value="a"), {".value": "a"}),
    (h.details(open=True), {".open": ""}),
    (h.dialog(open=True), {".open": ""}),
    (h.video(muted=True), {".muted": ""}),
    (h.button(value="a", checked=True), {"value": "a", "checked": ""}),
    (svg.svg(viewBox="0 0 1 1", stroke_width=2), {"viewBox": "0 0 1 1", "stroke-width": "2"}),
    (svg.use(xlink_href="#a"), {"xlink:href": "#a"}),
    (svg.text(xml_space="preserve", xmlns_xlink="x"), {"xml:space": "preserve", "xmlns:xlink": "x"}),
    (svg.feOffset(in_="SourceGraphic"), {"in": "SourceGraphic"}),
    (h.a(href="https://x.example/?a=1"), {"href": "https://x.example/?a=1"}),
]  # fmt: skip


@pytest.mark.parametrize(("element", "attrs"), ATTRS)
def test_attributes_by_their_names_on_the_wire(element, attrs):
    assert attrs == element.attrs


SLOTS = [lambda: "x", functools.partial(str, 1), "x".upper, Signal()]


@pytest.mark.parametrize("slot", SLOTS)
def test_a_function_or_a_signal_is_a_slot(slot):
    element = h.input(value=slot, title="t")
    ((_, found, attr),) = element.places()
    assert (slot, ".value") == (found, attr)
    assert element.attrs == {"title": "t"}
    assert element.place_count == 1


def test_slots_of_attributes_stand_before_the_children_by_name():
    slots = [lambda: 0 for _ in range(4)]
    element = h.input(value=slots[0], title=slots[1], class_=slots[2])
    places = h.p(lang=slots[3])[element].places()
    assert [attr for _, _, attr in places] == ["lang", ".value", "class", "title"]
    assert [slots[3], slots[0], slots[2], slots[1]] == [found for _, found, _ in places]


async def load():
    return ""


REFUSED = [
    ({"class_": True}, 'attribute "class" cannot be True (bool); it takes a string, a list of names'),
    ({"class_": 3}, 'attribute "class" cannot be 3 (int)'),
    ({"class_": [1]}, "class_: 1 (int) is no name; write a string"),
    ({"class_": {"a": lambda: 1}}, "which is always true; write class_=lambda: {...}"),
    ({"class_": {"a": Signal()}}, "which is always true"),
    ({"style": 3}, 'attribute "style" cannot be 3 (int); it takes a string or a dict of property: value'),
    ({"style": {"top": True}}, 'style: "top" cannot be True (bool); it takes a str, a number or None'),
    ({"style": {1: "x"}}, "style: 1 is no property; write a string"),
    ({"title": b"x"}, 'attribute "title" cannot be b\'x\' (bytes); it takes a str, a number, True, False'),
    ({"title": date(2026, 1, 2)}, "(date); it takes a str, a number, True, False, None or a slot"),
    ({"title": h.p}, 'attribute "title" cannot be <Tag p> (Tag)'),
    ({"title": h.p["x"]}, 'attribute "title" cannot be <p: 1 child> (VNode)'),
    ({"title": Component()}, "(Component); it takes a str"),
    ({"title": int}, "attribute \"title\" cannot be <class 'int'> (type)"),
    ({"title": ["x"]}, "(list); it takes a str"),
    ({"title": load}, "is async, and an attribute cannot wait; give the async function to resource(load)"),
    ({"class_": ["a", lambda: "b"]}, "is no name; write class_=lambda: [...]"),
    ({"class_": ["a", Signal()]}, "(Signal) is no name; write class_=lambda: [...]"),
    ({"style": {"top": Signal()}}, "(Signal); write style=lambda: {...}"),
    ({"style": {"fontSize": "1em"}}, 'style: no property is called "fontSize"; write "font_size"'),
    ({"className": "x"}, "className= is class_= here; write p(class_=...)"),
    ({"class_name": "x"}, "class_name= is class_= here"),
    ({"htmlFor": "x"}, "htmlFor= is for_= here; write p(for_=...)"),
    ({"class": "b", "class_": "a"}, 'attribute "class" is given twice'),
    ({"key": True}, "key=True: a key is a str, int, bytes, UUID or a tuple of these"),
    ({"key": 1.5}, "key=1.5: a key is"),
    ({"key": (1, None)}, "key=None: a key is"),
]  # fmt: skip


@pytest.mark.parametrize(("attrs", "sentence"), REFUSED)
def test_a_value_of_the_wrong_type_says_what_to_write(attrs, sentence):
    with pytest.raises(TypeError) as error:
        h.p(**attrs)
    assert sentence in str(error.value)


def test_an_own_property_of_css_may_have_any_name():
    assert h.p(style={"--Accent": "red"}).attrs == {"style": "--Accent: red"}


@pytest.mark.parametrize("value", [["a"], ("a", "b"), {"a"}])
def test_several_values_of_a_select_are_chosen_at_its_options(value):
    with pytest.raises(TypeError, match="in a select with multiple, write selected=True on its options"):
        h.select(value=value)


def test_a_refused_value_names_its_element():
    with pytest.raises(ValueError, match='a: attribute "href": this URL scheme is refused'):
        h.a(href="javascript:alert(1)")


@pytest.mark.parametrize("value", [1, 0, "yes", [1]])
def test_a_boolean_property_takes_booleans(value):
    with pytest.raises(TypeError, match=r'attribute "checked" cannot be .* it takes True or False'):
        h.input(checked=value)


UNUSABLE = [
    ({"href": "javascript:alert(1)"}, "this URL scheme is refused"),
    ({"href": " java\tscript:alert(1)"}, "this URL scheme is refused"),
    ({"onclick": "alert(1)"}, "inline handlers are refused; write on_click=function"),
    ({"onclick": print}, "inline handlers are refused"),
    ({"onchange": print}, "inline handlers are refused; write on_change=function"),
    ({"onKeyDown": print}, "write on_keydown=function"),
    ({"onbeforeprint": print}, "inline handlers are refused"),
    ({"data_hid": 3}, "this name belongs to the engine"),
    ({"data_on": "click:fields"}, '"data-on" belongs to the engine; write on_click=function'),
    ({"data-on": "x"}, '"data-on" belongs to the engine'),
    ({"srcdoc": "<p>"}, "a document inside an attribute cannot be checked"),
    ({"a b": 1}, '"a b" cannot be a name in HTML'),
    ({"": 1}, '"" cannot be a name in HTML'),
    ({".wrong": True}, "this property cannot be set; write the attribute"),
    ({"title": "\udfff"}, "holds a lone surrogate"),
    ({"title": "a\0"}, "cannot contain NUL"),
    ({"key": 2**127}, "a key is an int of at most 127 bits"),
    ({"key": "\ud800"}, "holds a lone surrogate"),
    ({"key": ((((((((((1,),),),),),),),),),)}, "nested deeper than 8 levels"),
    ({f"a{i}": 1 for i in range(257)}, "attributes of one element: 257 is over the limit of 256"),
]  # fmt: skip


@pytest.mark.parametrize(("attrs", "sentence"), UNUSABLE)
def test_an_attribute_that_is_refused_says_why(attrs, sentence):
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the sentence is compared below
        h.a(**attrs)
    assert sentence in str(error.value)


@pytest.mark.parametrize("key", ["", "1", 1, -(2**100), b"k", UID, ("a", 1, (b"b", UID)), ()])
def test_a_key_is_kept(key):
    assert key == h.p(key=key).key
    assert type(key) is type(h.p(key=key).key)


def test_no_key():
    assert h.p(key=None).key is None
    assert h.p["x"].key is None


def test_keys_of_different_types_differ():
    assert (
        len(h.ul[[h.li(key=key) for key in [1, "1", b"1", (1,), ("1",), UUID(int=1)]]].children[0].children)
        == 6
    )


ATTR_VALUES = [
    ("class", ["a", "b"], "a b"),
    ("class", {"a": True}, "a"),
    ("class", {}, None),
    ("style", {"top": 1}, "top: 1"),
    ("aria-hidden", True, "true"),
    ("hidden", True, ""),
    ("hidden", False, None),
    (".checked", True, ""),
    (".checked", None, None),
    (".value", 7, "7"),
    ("href", "/x", "/x"),
    ("title", None, None),
]


@pytest.mark.parametrize(("name", "value", "text"), ATTR_VALUES)
def test_the_value_of_a_slot(name, value, text):
    assert text == attr_value(name, value)


def test_the_value_of_a_slot_is_checked():
    with pytest.raises(ValueError, match="this URL scheme is refused"):
        attr_value("href", "javascript:alert(1)")
    with pytest.raises(TypeError, match="it takes a str, a number"):
        attr_value("title", b"x")


def test_more_keywords_than_a_tag_remembers():
    names = [f"data_n{i}" for i in range(100)]
    for name in names + names:
        assert {name.replace("_", "-"): "1"} == h.p(**{name: 1}).attrs
