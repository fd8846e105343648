package penstock;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import penstock.identity.Principal;
import penstock.identity.key.ClientKey;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code key}: the keys of clients. Owned by the main thread. */
@Command(name = "key", mixinStandardHelpOptions = true, sortOptions = false,
    header = "Make keys for clients.", subcommands = KeyCommand.New.class,
    description = {"", "Exit code: 0 done; 2 wrong usage.", ""})
final class KeyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(spec.commandLine(), "give a command: relay key new");
    }

    /** {@code key new}: prints a new key once, and the line for the file of keys. */
    @Command(name = "new", mixinStandardHelpOptions = true, sortOptions = false,
        header = "Make a new key for a client.",
        description = {"",
            "Prints the key, which is shown nowhere else and never again, and the line for the file that",
            "auth.keys-file names. The line holds a hash, from which the key cannot be found.", "",
            "Exit code: 0 done; 2 wrong usage.", ""},
        footer = {"", "Example:",
            "  scripts/relay key new --id desk-7 --products fx,metals --sessions 3"})
    static final class New implements Callable<Integer> {
        @Option(names = "--id", required = true, paramLabel = "NAME",
            description = "name of the client, for logs and limits")
        private String id;

        @Option(names = "--products", split = ",", paramLabel = "LIST",
            description = "products of the configuration that the client may see, separated by commas")
        private List<String> products = List.of();

        @Option(names = "--sessions", paramLabel = "N",
            description = "sessions of the client at once; 0 = no limit; default: auth.sessions of the configuration")
        private Integer sessions;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            refuse(!id.matches("[A-Za-z0-9._@:-]+") || Principal.problemOfId(id) != null,
                "--id must be 1 to 128 of A-Z a-z 0-9 . _ @ : -");
            refuse(!products.stream().allMatch(product -> product.matches("[A-Za-z0-9._-]{1,64}")),
                "--products must be names of products, separated by commas");
            refuse(sessions != null && (sessions < 0 || sessions > 1_000_000), "--sessions must be 0 to 1000000");
            final String key = ClientKey.random();
            final PrintWriter out = spec.commandLine().getOut();
            out.println("The key of " + id + ", shown only now:");
            out.println();
            out.println(key);
            out.println();
            out.println("Add this line to the list keys of the file that auth.keys-file names:");
            out.println();
            out.println("  { id = \"" + id + "\", hash = \"sha256:" + ClientKey.hash(key) + "\", products = ["
                + String.join(", ", products.stream().map(product -> '"' + product + '"').toList()) + ']'
                + (sessions == null ? "" : ", sessions = " + sessions) + " }");
            if (products.isEmpty()) {
                out.println();
                out.println("Without products the client may see nothing: write them into the line.");
            }
            out.flush();
            return ExitCode.DONE.code();
        }

        private void refuse(final boolean isWrong, final String message) {
            if (isWrong) {
                throw new CommandLine.ParameterException(spec.commandLine(), message);
            }
        }
    }
}
