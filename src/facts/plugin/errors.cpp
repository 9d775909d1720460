#include "answers.h"
#include "clang/AST/Type.h"
#include "clang/Basic/DiagnosticSema.h"
#include "clang/Frontend/ChainedDiagnosticConsumer.h"

using namespace clang;

namespace kport {

/// Errors of C that a body mends. (Of others, one that lacks a body may be named by the way.)
static bool asksForBody(unsigned id) {
  switch (id) {
  case diag::err_array_incomplete_or_sizeless_type:
  case diag::err_asm_incomplete_type:
  case diag::err_assoc_type_incomplete:
  case diag::err_atomic_specifier_bad_type:
  case diag::err_bad_cast_incomplete:
  case diag::err_call_function_incomplete_return:
  case diag::err_call_incomplete_argument:
  case diag::err_call_incomplete_return:
  case diag::err_cconv_incomplete_param_type:
  case diag::err_counted_by_attr_pointee_unknown_size:
  case diag::err_dereference_incomplete_type:
  case diag::err_field_incomplete_or_sizeless:
  case diag::err_func_def_incomplete_result:
  case diag::err_incomplete_member_access:
  case diag::err_incomplete_type:
  case diag::err_incomplete_type_used_in_type_trait_expr:
  case diag::err_init_incomplete_type:
  case diag::err_invalid_incomplete_type_use:
  case diag::err_offsetof_incomplete_type:
  case diag::err_second_parameter_to_va_arg_incomplete:
  case diag::err_sizeof_alignof_incomplete_or_sizeless_type:
  case diag::err_subscript_incomplete_or_sizeless_type:
  case diag::err_tentative_def_incomplete_type:
  case diag::err_typecheck_arithmetic_incomplete_or_sizeless_type:
  case diag::err_typecheck_cast_to_incomplete:
  case diag::err_typecheck_decl_incomplete_type:
  case diag::err_typecheck_incomplete_tag:
  case diag::err_typecheck_incomplete_type_not_modifiable_lvalue:
    return true;
  default:
    return false;
  }
}

/// The records that a type is made of, as far as it spells them: behind pointers, in arrays, of functions' parameters and results.
static void recordsOf(QualType type, llvm::SmallVectorImpl<const RecordDecl *> &found) {
  if (type.isNull())
    return;
  const Type *t = type.getCanonicalType().getTypePtr();
  if (auto *record = dyn_cast<RecordType>(t))
    found.push_back(record->getDecl());
  else if (auto *pointer = dyn_cast<PointerType>(t))
    recordsOf(pointer->getPointeeType(), found);
  else if (auto *array = dyn_cast<ArrayType>(t))
    recordsOf(array->getElementType(), found);
  else if (auto *atomic = dyn_cast<AtomicType>(t))
    recordsOf(atomic->getValueType(), found);
  else if (auto *function = dyn_cast<FunctionType>(t)) {
    recordsOf(function->getReturnType(), found);
    if (auto *prototype = dyn_cast<FunctionProtoType>(function))
      for (QualType parameter : prototype->param_types())
        recordsOf(parameter, found);
  }
}

static void recordsOf(const Diagnostic &error, unsigned argument, llvm::SmallVectorImpl<const RecordDecl *> &found) {
  // A text has no raw value, and asked for one clang ends itself.
  DiagnosticsEngine::ArgumentKind kind = error.getArgKind(argument);
  intptr_t value = kind == DiagnosticsEngine::ak_std_string ? 0 : error.getRawArg(argument);
  auto behind = [&](intptr_t type) { recordsOf(QualType::getFromOpaquePtr(reinterpret_cast<void *>(type)), found); };
  const RecordDecl *record = nullptr;
  if (kind == DiagnosticsEngine::ak_qualtype)
    behind(value);
  else if (kind == DiagnosticsEngine::ak_qualtype_pair) {
    behind(reinterpret_cast<const TemplateDiffTypes *>(value)->FromType);
    behind(reinterpret_cast<const TemplateDiffTypes *>(value)->ToType);
  } else if (kind == DiagnosticsEngine::ak_nameddecl)
    record = dyn_cast_or_null<RecordDecl>(reinterpret_cast<NamedDecl *>(value));
  else if (kind == DiagnosticsEngine::ak_declcontext)
    record = dyn_cast_or_null<RecordDecl>(reinterpret_cast<DeclContext *>(value));
  if (record)
    found.push_back(record);
}

class Watch : public DiagnosticConsumer {
public:
  explicit Watch(std::shared_ptr<Errors> errors) : errors(std::move(errors)) {}

  void HandleDiagnostic(DiagnosticsEngine::Level level, const Diagnostic &said) override {
    if (level < DiagnosticsEngine::Error)
      return;
    errors->count++;
    bool lacksBody = asksForBody(said.getID());
    llvm::SmallVector<const RecordDecl *, 8> found;
    for (unsigned i = 0; i < said.getNumArgs(); i++)
      recordsOf(said, i, found);
    for (const RecordDecl *record : found) {
      record = cast<RecordDecl>(record->getCanonicalDecl());
      errors->named.insert(record);
      // One that is being defined is no definition yet, and has a body.
      if (lacksBody && record->getDefinition() == nullptr)
        errors->incomplete.insert(record);
    }
  }

private:
  std::shared_ptr<Errors> errors;
};

void watchErrors(DiagnosticsEngine &diagnostics, std::shared_ptr<Errors> errors) {
  auto watch = std::make_unique<Watch>(std::move(errors));
  DiagnosticConsumer *own = diagnostics.getClient();
  std::unique_ptr<DiagnosticConsumer> owned = diagnostics.takeClient();
  diagnostics.setClient(owned ? new ChainedDiagnosticConsumer(std::move(owned), std::move(watch)) : new ChainedDiagnosticConsumer(own, std::move(watch)));
}

/// Without those that have no tag: nothing calls them by one.
static std::string tags(llvm::ArrayRef<const RecordDecl *> records) {
  std::string out = "[";
  for (const RecordDecl *record : records) {
    if (record->getName().empty())
      continue;
    Entry entry;
    entry.text("tag", record->isUnion() ? "union" : "struct").text("name", record->getName());
    out += (out.size() > 1 ? "," : "") + entry.object();
  }
  return out + "]";
}

std::string Errors::object() const {
  Entry entry;
  entry.number("count", count).raw("incomplete", tags(incomplete.getArrayRef())).raw("named", tags(named.getArrayRef()));
  return entry.object();
}

} // namespace kport
