package penstock.top;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jline.utils.AttributedString;
import penstock.telemetry.TelemetryDirectory;
import penstock.tls.RemoteOptions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code top}: shows what a relay does and what is wrong with it.
 *
 * <p>Owned by the main thread.
 */
@Command(name = "top", mixinStandardHelpOptions = true, sortOptions = false,
    header = "Show what a relay does now, and what is wrong with it.",
    description = {"",
        "First whether prices are live and what is wrong, with cause and remedy; then rates, conflation, the load of "
            + "the threads, latencies by stage, and the sessions that are served worst and why. Keys: ? lists them.",
        "",
        "It asks the admin API. While the process does not answer within a second, the figures are those of its "
            + "counters file, if it runs on this machine as this user. NO_COLOR leaves the colours out.",
        "",
        "Exit code: 0 it was ended; 1 no relay was found, or it refuses to answer; 2 wrong usage.", ""},
    footer = {"", "Examples:",
        "  scripts/relay top",
        "  scripts/relay top --url https://relay.example:8081 --ca authority.pem --token-env PENSTOCK_ADMIN_TOKEN",
        "  scripts/relay top --once"})
public final class TopCommand implements Callable<Integer> {
    private static final String SCHEME = "://";
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(1);
    /** Of a screen that goes to a file. */
    private static final int COLUMNS = 160;
    private static final int ROWS = 60;
    /** The exit code after a signal is this and its number, as if the signal had ended the process itself. */
    private static final int SIGNAL = 128;

    @Option(names = "--url", paramLabel = "URL", defaultValue = "http://localhost:8081",
        description = "the operator's listener: http or https address, or HOST:PORT. Default: ${DEFAULT-VALUE}")
    private String url;

    @Mixin
    private RemoteOptions remote;

    @Option(names = "--dir", paramLabel = "DIR",
        description = "directory of the relay's counters file (telemetry.dir), for when the process does not answer. "
            + "Default: that of this user's only relay, if the URL is of this machine")
    private Path directory;

    @Option(names = "--interval", paramLabel = "S", defaultValue = "2",
        description = "seconds between two looks, 1 to 3600. Default: ${DEFAULT-VALUE}")
    private int intervalSeconds;

    @Option(names = "--once",
        description = "print one screen as plain text and end; so it is if standard output is no terminal, too")
    private boolean isOnce;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        check(intervalSeconds >= 1 && intervalSeconds <= 3_600, "--interval must be 1 to 3600 seconds, got "
            + intervalSeconds);
        final HttpClient client = remote.client(
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_WITHIN));
        final RelayWatcher watcher =
            new RelayWatcher(new AdminClient(client, address(), remote.token()), this::counters);
        final TopState choices = new TopState();
        final RelayLook.Question question = TopView.question(choices, ROWS);
        final RelayLook first = watcher.look(question);
        final String noColours = System.getenv("NO_COLOR");
        final TopTerminal terminal =
            isOnce ? null : TopTerminal.open(noColours == null || noColours.isEmpty());
        if (terminal == null) {
            TimeUnit.SECONDS.sleep(1);
            print(TopScreen.lines(RelayFigures.of(first, watcher.look(question)), choices, COLUMNS, ROWS));
            return 0;
        }
        try (LookTimer looks = new LookTimer(watcher, TimeUnit.SECONDS.toMillis(intervalSeconds), first, question)) {
            looks.start();
            new TopView(terminal, looks).run();
        } finally {
            close(terminal);
        }
        return terminal.signal() == 0 ? 0 : SIGNAL + terminal.signal();
    }

    /** Without the line of the keys, and what is empty before it. */
    private void print(final List<AttributedString> lines) {
        final PrintWriter out = spec.commandLine().getOut();
        int end = lines.size() - 1;
        while (end > 0 && lines.get(end - 1).length() == 0) {
            end--;
        }
        lines.subList(0, end).forEach(line -> out.println(line.toString().stripTrailing()));
        out.flush();
    }

    private static void close(final TopTerminal terminal) {
        try {
            terminal.close();
        } catch (final IOException gone) {
            return;
        }
    }

    private URI address() {
        final String text = url.contains(SCHEME) ? url : "http://" + url;
        try {
            final URI given = new URI(text);
            final String scheme = given.getScheme().toLowerCase(Locale.ROOT);
            check(given.getHost() != null && List.of("http", "https").contains(scheme),
                "--url must be an http or https address, or HOST:PORT, got '" + url + "'");
            return new URI(scheme + SCHEME + given.getRawAuthority() + '/');
        } catch (final URISyntaxException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--url is no address: " + e.getMessage(), e);
        }
    }

    private Path counters() throws IOException {
        if (directory != null) {
            return directory;
        }
        final String host = address().getHost();
        if (!host.equals("localhost") && !host.startsWith("127.") && !host.equals("[::1]")) {
            throw new IOException("that of another machine cannot be read");
        }
        return TelemetryDirectory.only(System.getenv("PENSTOCK_TELEMETRY_DIR"));
    }

    private void check(final boolean isValid, final String problem) {
        if (!isValid) {
            throw new CommandLine.ParameterException(spec.commandLine(), problem);
        }
    }
}
