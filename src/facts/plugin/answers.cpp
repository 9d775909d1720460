// Answers what lowering asks of a text, in the run that parses it: `-Xclang -add-plugin -Xclang kport-answers`. What is asked stands on the
// last line of the standard output, as JSON. Told `tree` (`-plugin-arg-kport-answers tree`), the syntax tree stands in the line before it, as
// `-ast-dump=json` prints it, in the same process, so that its ids are these: of a text without errors, for nobody reads another's.
#include "answers.h"
#include "clang/AST/ASTConsumer.h"
#include "clang/AST/ASTDumperUtils.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendPluginRegistry.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>

using namespace clang;

namespace kport {

/// JSON without its line breaks and indentation: three quarters of a tree, and the deeper the more. In no string of JSON is there a line break.
class OneLine : public llvm::raw_ostream {
public:
  OneLine(llvm::raw_ostream &to) : to(to) {}
  ~OneLine() override { flush(); }

private:
  void write_impl(const char *from, size_t size) override {
    written += size;
    for (const char *at = from, *end = from + size; at != end;) {
      if (indented)
        while (at != end && *at == ' ')
          at++;
      if (at == end)
        return;
      const char *line = std::find(at, end, '\n');
      to.write(at, line - at);
      indented = line != end;
      at = indented ? line + 1 : end;
    }
  }
  uint64_t current_pos() const override { return written; }

  llvm::raw_ostream &to;
  uint64_t written = 0;
  bool indented = false;
};

class Answering : public ASTConsumer {
public:
  Answering(CompilerInstance &compiler, bool tree) : compiler(compiler), tree(tree), errors(std::make_shared<Errors>()) { watchErrors(compiler.getDiagnostics(), errors); }

  void HandleTranslationUnit(ASTContext &context) override {
    llvm::raw_ostream &out = llvm::outs();
    std::string text = "{\"version\":1,\"errors\":" + errors->object();
    if (tree && !compiler.getDiagnostics().hasErrorOccurred()) {
      OneLine line(out);
      context.getTranslationUnitDecl()->dump(line, false, ADOF_JSON);
      text += ",\"records\":" + recordTable(context) + ",\"queries\":" + queryTable(context);
    }
    out << '\n' << text << "}\n";
    out.flush();
  }

private:
  CompilerInstance &compiler;
  bool tree;
  std::shared_ptr<Errors> errors;
};

class AnsweringAction : public PluginASTAction {
protected:
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &compiler, StringRef) override { return std::make_unique<Answering>(compiler, tree); }

  bool ParseArgs(const CompilerInstance &, const std::vector<std::string> &arguments) override {
    for (StringRef argument : arguments)
      tree |= argument == "tree";
    return true;
  }

  // Only where it is named: the library is loaded for the facts as well.
  ActionType getActionType() override { return CmdlineAfterMainAction; }

private:
  bool tree = false;
};

} // namespace kport

static FrontendPluginRegistry::Add<kport::AnsweringAction> answering("kport-answers", "what kport asks of a text that it lowers");
