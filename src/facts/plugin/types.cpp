#include "unit.h"

using namespace clang;

namespace kport {

unsigned Unit::type(QualType type) {
  auto found = typeIndexes.find(type.getAsOpaquePtr());
  if (found != typeIndexes.end())
    return found->second;
  // Types are told apart by what is said of them, not by how clang has them.
  std::string text = typeEntry(type).object();
  auto [slot, isNew] = typeTexts.try_emplace(text, types.size());
  if (isNew)
    types.push_back(text);
  return typeIndexes[type.getAsOpaquePtr()] = slot->second;
}

static Entry builtin(const BuiltinType *type, ASTContext &context) {
  switch (type->getKind()) {
  case BuiltinType::Void:
    return Entry("void");
  case BuiltinType::Bool:
    return Entry("bool");
  case BuiltinType::Half:
  case BuiltinType::Float16:
  case BuiltinType::Float:
  case BuiltinType::Double:
  case BuiltinType::LongDouble:
  case BuiltinType::Float128: {
    Entry entry("float");
    entry.number("bits", context.getTypeSize(type));
    return entry;
  }
  default:
    break;
  }
  StringRef name = type->getName(PrintingPolicy(context.getLangOpts()));
  if (!type->isInteger()) {
    Entry entry("other");
    entry.text("name", name);
    return entry;
  }
  Entry entry("int");
  entry.text("name", name).number("bits", context.getTypeSize(type)).raw("signed", type->isSignedInteger() ? "true" : "false");
  entry.flag("char", type->getKind() == BuiltinType::Char_S || type->getKind() == BuiltinType::Char_U);
  return entry;
}

Entry Unit::typeEntry(QualType given) {
  Qualifiers qualifiers;
  QualType type = given;
  Entry entry;
  // What only says how a type was written (parentheses, `typeof`, attributes) is gone through, down to a typedef or to what it is.
  for (;;) {
    qualifiers += type.getLocalQualifiers();
    type = QualType(type.getTypePtr(), 0);
    const Type *t = type.getTypePtr();
    if (auto *named = dyn_cast<TypedefType>(t)) {
      entry = Entry("typedef");
      // C has `__builtin_va_list` and its kin without declaring them; a typedef all the same.
      entry.number("decl", declaration(named->getDecl())).number("of", this->type(named->getDecl()->getUnderlyingType()));
    } else if (auto *b = dyn_cast<BuiltinType>(t)) {
      entry = builtin(b, context);
    } else if (auto *pointer = dyn_cast<PointerType>(t)) {
      entry = Entry("pointer");
      entry.number("to", this->type(pointer->getPointeeType()));
    } else if (auto *array = dyn_cast<ArrayType>(t)) {
      entry = Entry("array");
      entry.number("of", this->type(array->getElementType()));
      if (auto *constant = dyn_cast<ConstantArrayType>(array))
        entry.number("length", constant->getSize().getLimitedValue());
      entry.flag("vla", isa<VariableArrayType>(array));
    } else if (auto *function = dyn_cast<FunctionType>(t)) {
      entry = Entry("function");
      entry.number("result", this->type(function->getReturnType()));
      std::vector<unsigned> parameters;
      auto *prototype = dyn_cast<FunctionProtoType>(function);
      if (prototype)
        for (QualType parameter : prototype->param_types())
          parameters.push_back(this->type(parameter));
      entry.list("parameters", parameters).flag("variadic", prototype && prototype->isVariadic()).flag("unprototyped", !prototype);
    } else if (auto *record = dyn_cast<RecordType>(t)) {
      entry = Entry("record");
      entry.number("decl", declaration(record->getDecl()));
    } else if (auto *enumeration = dyn_cast<EnumType>(t)) {
      entry = Entry("enum");
      entry.number("decl", declaration(enumeration->getDecl()));
    } else if (auto *atomic = dyn_cast<AtomicType>(t)) {
      entry = Entry("atomic");
      entry.number("of", this->type(atomic->getValueType()));
    } else {
      QualType next = type.getSingleStepDesugaredType(context);
      if (next.getTypePtr() != t) {
        type = next;
        continue;
      }
      entry = Entry("other");
      entry.text("name", t->getTypeClassName());
    }
    break;
  }
  return entry.flag("const", qualifiers.hasConst()).flag("volatile", qualifiers.hasVolatile());
}

void Unit::look(QualType type) {
  if (type.isNull())
    return;
  const Type *t = context.getBaseElementType(type).getTypePtr();
  if (auto *atomic = t->getAs<AtomicType>())
    return look(atomic->getValueType());
  if (auto *record = t->getAs<RecordType>())
    look(record->getDecl());
}

void Unit::look(const RecordDecl *record) {
  if (!lookedInto.insert(record->getCanonicalDecl()).second)
    return;
  declaration(record);
  // It may have been entered as one that nobody looks into.
  filled.erase(record->getCanonicalDecl());
  waiting.push_back(record->getCanonicalDecl());
}

} // namespace kport
