// Writes down what clang knows of a translation unit, as the unit is compiled: `-fplugin-arg-kport-out=FILE`, and
// `-fplugin-arg-kport-own=FOLDER` for each folder whose files are the module's own.
#include "comments.h"
#include "macros.h"
#include "unit.h"
#include "clang/AST/ASTConsumer.h"
#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/Version.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendPluginRegistry.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

using namespace clang;

namespace kport {

class Writer : public ASTConsumer {
public:
  Writer(CompilerInstance &compiler, std::string out, std::vector<std::string> own)
      : compiler(compiler), out(std::move(out)), sources(compiler.getSourceManager(), compiler.getLangOpts(), std::move(own)), macros(compiler.getPreprocessor(), sources), comments(sources) {
    compiler.getPreprocessor().addPPCallbacks(std::make_unique<MacroWatch>(macros));
    compiler.getPreprocessor().addCommentHandler(&comments);
  }

  void HandleTranslationUnit(ASTContext &context) override {
    compiler.getPreprocessor().removeCommentHandler(&comments);
    // What does not compile is said by the compiler.
    if (compiler.getDiagnostics().hasErrorOccurred())
      return;
    SourceManager &manager = sources.manager;
    // File 0 is the unit itself.
    SourceLocation main = manager.getLocForStartOfFile(manager.getMainFileID());
    (void)sources.characters(main, main);
    Unit unit(context, sources, macros);
    unit.enterOwn();
    macros.enterOwn();
    std::string text = "{\"version\":1,\"clang\":";
    quote(text, getClangFullVersion());
    text += ",\n\"types\":" + unit.typeTable() + ",\n\"declarations\":" + unit.declarationTable() + ",\n\"nodes\":" + unit.nodeTable() + ",\n\"top\":" + unit.topTable();
    text += ",\n\"macros\":" + macros.macroTable() + ",\n\"expansions\":" + macros.expansionTable() + ",\n\"paths\":" + macros.pathTable();
    text += ",\n\"comments\":" + comments.commentTable() + ",\n\"files\":" + sources.fileTable() + "}\n";
    write(text);
  }

private:
  /// Beside it and renamed, so that no half of a file stands under its name.
  void write(const std::string &text) {
    std::string beside = out + "." + std::to_string(llvm::sys::Process::getProcessId());
    std::error_code error;
    {
      llvm::raw_fd_ostream file(beside, error);
      if (!error) {
        file << text;
        file.close();
        error = file.error();
        file.clear_error();
      }
    }
    if (!error)
      error = llvm::sys::fs::rename(beside, out);
    if (error) {
      llvm::sys::fs::remove(beside);
      DiagnosticsEngine &diagnostics = compiler.getDiagnostics();
      diagnostics.Report(diagnostics.getCustomDiagID(DiagnosticsEngine::Warning, "kport: cannot write %0: %1")) << out << error.message();
    }
  }

  CompilerInstance &compiler;
  std::string out;
  Sources sources;
  Macros macros;
  Comments comments;
};

class Action : public PluginASTAction {
protected:
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &compiler, StringRef) override {
    if (out.empty())
      return std::make_unique<ASTConsumer>();
    return std::make_unique<Writer>(compiler, out, own);
  }

  bool ParseArgs(const CompilerInstance &, const std::vector<std::string> &arguments) override {
    for (StringRef argument : arguments) {
      if (argument.consume_front("out="))
        out = argument.str();
      else if (argument.consume_front("own="))
        own.push_back(argument.str());
    }
    return true;
  }

  ActionType getActionType() override { return AddAfterMainAction; }

private:
  std::string out;
  std::vector<std::string> own;
};

} // namespace kport

static FrontendPluginRegistry::Add<kport::Action> registered("kport", "what kport wants to know of a translation unit");
