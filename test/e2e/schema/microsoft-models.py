"""Prints Microsoft's own models, as far as they lead from the named ones, as JSON.

Arguments: `network.NetworkInterface compute.VirtualMachine ...`. Two generators have written these packages: the newer one
annotates the fields of a class, the older one has a map of attributes and says in the constructor which words a field takes.
"""

import enum
import importlib
import inspect
import json
import sys
import typing

PACKAGES = {
    "network": "azure.mgmt.network.models",
    "compute": "azure.mgmt.compute.models",
    "security": "azure.mgmt.security.v2020_01_01.models",
    "graph": "azure.mgmt.resourcegraph.models",
    "subscriptions": "azure.mgmt.resource.subscriptions.models",
}

PLAIN = {
    "str": "string", "bool": "boolean", "int": "integer", "long": "integer", "float": "number", "object": "any",
    "datetime": "date-time", "iso-8601": "date-time", "date": "string", "timedelta": "string", "duration": "string",
    "bytes": "string", "Any": "any",
}  # fmt: skip

shapes = {}


def main(names):
    for name in names:
        package, model = name.split(".")
        if not hasattr(models(package), model):
            sys.exit(f"{PACKAGES[package]} has no {model}")
        add(package, getattr(models(package), model))
    json.dump(shapes, sys.stdout)


def models(package):
    return importlib.import_module(PACKAGES[package])


def add(package, model):
    """Writes the shape of a class, once; the name under which it stands."""
    name = f"{package}.{model.__name__}"
    if name in shapes:
        return name
    shape = shapes[name] = {}
    if hasattr(model, "_attribute_map"):
        shape.update(older(package, model))
    else:
        shape.update(newer(package, model))
    return name


def newer(package, model):
    fields, variants = {}, {}
    space = {**vars(sys.modules[model.__module__]), "_models": models(package)}
    for base in reversed(model.__mro__):
        own = typing.get_type_hints(base, globalns={**vars(sys.modules[base.__module__]), **space}) if is_model(base) else {}
        for attribute, field in vars(base).items():
            if type(field).__name__ != "_RestField":
                continue
            key = field._rest_name_input or attribute
            fields[key] = annotated(package, own[attribute])
            if field._is_discriminator and vars(model).get("__mapping__"):
                subclasses = model.__mapping__.items()
                variants = {"by": key, "of": {value: add(package, one) for value, one in subclasses}}
    lifts = "properties" if vars(model).get(f"_{model.__name__.lstrip('_')}__flattened_items") else None
    return {"fields": fields, "lifts": lifts, **({"variants": variants} if variants else {})}


def is_model(base):
    return "_RestField" in {type(field).__name__ for field in vars(base).values()}


def annotated(package, hint):
    """The shape of a value, from the annotation of a field."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Union:
        inner = [one for one in arguments if one is not type(None)]
        words = [one for one in inner if is_enum(one)]
        return annotated(package, words[0] if words else inner[0])
    if origin is typing.Literal:
        return {"words": [getattr(one, "value", one) for one in arguments]}
    if origin is list:
        return {"list": annotated(package, arguments[0])}
    if origin is dict:
        return {"map": annotated(package, arguments[1])}
    if is_enum(hint):
        return {"words": [one.value for one in hint]}
    if getattr(hint, "__name__", "") in PLAIN:
        return PLAIN[hint.__name__]
    return {"model": add(package, hint)}


def is_enum(hint):
    return inspect.isclass(hint) and issubclass(hint, enum.Enum)


def older(package, model):
    fields = {}
    space = {**vars(typing), **vars(sys.modules[model.__module__]), "_models": models(package), "JSON": object}
    hints = typing.get_type_hints(model.__init__, globalns=space)
    for attribute, entry in model._attribute_map.items():
        own = mapped(package, entry["type"], hints.get(attribute))
        *path, key = entry["key"].replace("\\.", "\0").split(".")
        place = fields
        for step in path:
            place = place.setdefault(step, {"fields": {}})["fields"]
        place[key.replace("\0", ".")] = own
    return {"fields": fields, "lifts": "properties" if "fields" in dict_in(fields, "properties") else None}


def dict_in(fields, key):
    value = fields.get(key)
    return value if isinstance(value, dict) else {}


def mapped(package, text, hint):
    """The shape of a value, from the older map: `[Name]`, `{str}`, `str`; words stand in the annotation only."""
    if text.startswith("["):
        return {"list": mapped(package, text[1:-1], None)}
    if text.startswith("{"):
        return {"map": mapped(package, text[1:-1], None)}
    if text in PLAIN:
        return annotated(package, hint) if text == "str" and hint is not None else PLAIN[text]
    return {"model": add(package, getattr(models(package), text))}


main(sys.argv[1:])
