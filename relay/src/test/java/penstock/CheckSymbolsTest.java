package penstock;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code relay check --venue V --symbols LIST}, against a server that has the list of instruments. */
class CheckSymbolsTest {
    private final PrintStream before = System.out;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private HttpServer server;

    @TempDir
    private Path folder;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/list", exchange -> {
            final byte[] body = "[\"btcusd\"]".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stopServer() {
        System.setOut(before);
        server.stop(0);
    }

    @Test
    void shouldSayWhichSymbolsTheVenueDoesNotList() throws IOException {
        final String file = file("/list");
        assertThat(check("--venue", file, "--symbols", "BTC/USD")).isZero();
        assertThat(check("--venue", file, "--symbols", "BTC/USD,ABC/USD")).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains(", a list of instruments at 127.0.0.1\n",
            "the venue lists 1 instruments\nBTC/USD: listed as BTCUSD\n"
                + "WRONG ABC/USD: the venue does not list ABCUSD; case counts\n");
    }

    @Test
    void shouldSayThatThereIsNoList() throws IOException {
        assertThat(check("--venue", file("/nothing"), "--symbols", "BTC/USD")).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8))
            .endsWith("WRONG no list of instruments: HTTP status 404 of 127.0.0.1\n");
    }

    @Test
    void shouldRefuseSymbolsWithoutAVenue() {
        assertThat(check("-c", "feed.conf", "--symbols", "A")).isEqualTo(2);
        assertThat(check("--venue", "gemini", "--against", "a.jsonl", "--symbols", "A")).isEqualTo(2);
    }

    private String file(final String path) throws IOException {
        final String gemini = Files.readString(Path.of("../config/venues/gemini.conf"));
        return Files.writeString(folder.resolve("gemini.conf"), gemini
            .replace("https://api.gemini.com/v1/symbols", "http://127.0.0.1:" + server.getAddress().getPort() + path))
            .toString();
    }

    private static int check(final String... arguments) {
        return new CommandLine(new CheckCommand()).setErr(new PrintWriter(Writer.nullWriter())).execute(arguments);
    }
}
