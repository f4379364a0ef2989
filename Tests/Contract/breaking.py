"""What breaks a caller when a contract changes: the differences that proto/ must never have from
the last released descriptor set. Numbers and types carry the wire; names carry generated code."""

from google.protobuf import descriptor_pb2

Field = descriptor_pb2.FieldDescriptorProto
FileSet = descriptor_pb2.FileDescriptorSet


def breaks(old: FileSet, new: FileSet) -> list[str]:
    """One sentence for each thing that a caller of `old` misses in `new`."""
    before, after = Index(old), Index(new)
    found = []
    for name, message in before.messages.items():
        if name not in after.messages:
            found.append(f"message {name} was removed")
        else:
            found += message_breaks(name, message, after.messages[name])
    for name, enum in before.enums.items():
        if name not in after.enums:
            found.append(f"enum {name} was removed")
        else:
            found += enum_breaks(name, enum, after.enums[name])
    for name, service in before.services.items():
        if name not in after.services:
            found.append(f"service {name} was removed")
        else:
            found += service_breaks(name, service, after.services[name])
    return found


class Index:
    """Everything of a set by its full name."""

    def __init__(self, files: FileSet):
        self.messages, self.enums, self.services = {}, {}, {}
        for file in files.file:
            self.add(file.package, file.message_type, file.enum_type)
            self.services |= {f"{file.package}.{s.name}": s for s in file.service}

    def add(self, scope, messages, enums):
        self.enums |= {f"{scope}.{enum.name}": enum for enum in enums}
        for message in messages:
            name = f"{scope}.{message.name}"
            self.messages[name] = message
            self.add(name, message.nested_type, message.enum_type)


def message_breaks(name, old, new) -> list[str]:
    found = []
    kept = {field.number: field for field in new.field}
    for field in old.field:
        if field.number in kept:
            found += field_breaks(f"{name}.{field.name}", field, old, kept[field.number], new)
        elif any(other.name == field.name for other in new.field):
            found.append(f"field {name}.{field.name} was renumbered")
        else:
            found.append(f"field {name}.{field.name} was removed")
    for field in new.field:
        if reserved(old, field.number) or field.name in old.reserved_name:
            found.append(f"field {name}.{field.name} takes what was reserved")
    for span in old.reserved_range:
        for number in range(span.start, min(span.end, span.start + 1000)):
            if not reserved(new, number) and number not in kept:
                found.append(f"number {number} of {name} is no longer reserved")
    return found


def reserved(message, number: int) -> bool:
    return any(span.start <= number < span.end for span in message.reserved_range)


def field_breaks(name, old, old_message, new, new_message) -> list[str]:
    found = []
    if old.name != new.name:
        found.append(f"field {name} was renamed to {new.name}")
    if (old.type, old.type_name) != (new.type, new.type_name):
        found.append(f"field {name} changed its type from {type_of(old)} to {type_of(new)}")
    if (old.label == Field.LABEL_REPEATED) != (new.label == Field.LABEL_REPEATED):
        found.append(f"field {name} became a list, or one no longer")
    if oneof_of(old, old_message) != oneof_of(new, new_message):
        found.append(f"field {name} moved into or out of a oneof")
    return found


def type_of(field) -> str:
    return field.type_name.lstrip(".") or Field.Type.Name(field.type)[len("TYPE_"):].lower()


def oneof_of(field, message):
    return message.oneof_decl[field.oneof_index].name if field.HasField("oneof_index") else None


def enum_breaks(name, old, new) -> list[str]:
    found = []
    numbers = {value.name: value.number for value in new.value}
    names = {value.number: value.name for value in new.value}
    for value in old.value:
        if value.name in numbers:
            if numbers[value.name] != value.number:
                found.append(f"value {name}.{value.name} was renumbered")
        elif value.number in names:
            found.append(f"value {name}.{value.name} was renamed to {names[value.number]}")
        else:
            found.append(f"value {name}.{value.name} was removed")
    for value in new.value:
        if any(span.start <= value.number <= span.end for span in old.reserved_range):
            found.append(f"value {name}.{value.name} takes what was reserved")
    return found


def service_breaks(name, old, new) -> list[str]:
    found = []
    kept = {method.name: method for method in new.method}
    for method in old.method:
        full = f"{name}.{method.name}"
        if method.name not in kept:
            found.append(f"method {full} was removed")
            continue
        other = kept[method.name]
        if method.input_type != other.input_type:
            found.append(f"method {full} takes another message")
        if method.output_type != other.output_type:
            found.append(f"method {full} answers another message")
        if (method.client_streaming, method.server_streaming) != (
                other.client_streaming, other.server_streaming):
            found.append(f"method {full} changed which sides stream")
    return found
