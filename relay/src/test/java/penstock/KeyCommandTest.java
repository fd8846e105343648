package penstock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.config.relay.AuthConfig;
import penstock.identity.Principal;
import penstock.identity.Products;
import penstock.identity.key.KeyFile;
import penstock.telemetry.ErrorLog;
import picocli.CommandLine;

class KeyCommandTest {
    private static final Products PRODUCTS = new Products(Map.of(
        "fx", new AuthConfig.Product(List.of(), List.of("EUR*")),
        "metals", new AuthConfig.Product(List.of(), List.of("XAU*"))));

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    @TempDir
    private Path folder;

    @Test
    void shouldPrintAKeyAndALineThatAcceptsIt() throws Exception {
        assertThat(run("new", "--id", "desk-7", "--products", "fx,metals", "--sessions", "3")).isZero();
        assertThat(authenticated()).returns("desk-7", Principal::id).returns(3, Principal::maxSessions);
        assertThat(authenticated().products()).containsExactlyInAnyOrder("fx", "metals");
    }

    @Test
    void shouldPrintALineWithoutProductsThatIsRightToo() throws Exception {
        assertThat(run("new", "--id", "desk-7")).isZero();
        assertThat(out.toString()).contains("Without products the client may see nothing");
        assertThat(authenticated().products()).isEmpty();
        assertThat(authenticated().maxSessions()).as("auth.sessions").isEqualTo(20);
    }

    @Test
    void shouldPrintAnotherKeyEachTime() {
        run("new", "--id", "a");
        final String first = key();
        out.getBuffer().setLength(0);
        run("new", "--id", "a");

        assertThat(key()).matches("penstock_[A-Za-z0-9_-]{43}").isNotEqualTo(first);
    }

    @Test
    void shouldRefuseWrongOptions() {
        for (final List<String> options : List.of(List.of("--id", "a b"), List.of("--id", ""),
            List.of("--id", "x".repeat(129)), List.of("--id", "a\" }"), List.of("--id", "a", "--sessions", "-1"),
            List.of("--id", "a", "--products", "f x"), List.of("--id", "a", "--products", "\"fx"), List.<String>of())) {
            assertThat(run("new", options.toArray(String[]::new))).as(options.toString()).isEqualTo(2);
        }
        assertThat(run("")).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("--id must be", "--sessions must be", "--products must be",
            "Missing required option: '--id=NAME'");
    }

    private Principal authenticated() throws Exception {
        final String line = out.toString().lines().filter(text -> text.contains("hash = ")).findFirst().orElseThrow();
        final Path file = Files.writeString(folder.resolve("keys.conf"), "keys = [\n" + line + "\n]\n");
        return new KeyFile(file, PRODUCTS, 20, new ErrorLog()).authenticate(key());
    }

    private String key() {
        return out.toString().lines().filter(line -> line.startsWith("penstock_")).findFirst().orElseThrow();
    }

    private int run(final String command, final String... options) {
        final CommandLine line = new CommandLine(new KeyCommand()).setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err));
        final String[] args = new String[options.length + (command.isEmpty() ? 0 : 1)];
        System.arraycopy(options, 0, args, args.length - options.length, options.length);
        if (!command.isEmpty()) {
            args[0] = command;
        }
        return line.execute(args);
    }
}
