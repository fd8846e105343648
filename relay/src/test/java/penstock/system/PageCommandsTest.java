package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.docs.PageBlock;
import penstock.replay.DemoFeed;
import penstock.testkit.Patience;

/** What pages tell to type, typed: README.md, and how to write a venue file, connect a feed and let clients in. */
@Tag("browser")
@Timeout(Patience.TEST_SECONDS)
class PageCommandsTest {
    private static final String VENUE = "relay/docs/how-to/write-a-venue-file.md";
    private static final String FEED = "relay/docs/how-to/connect-your-feed.md";
    private static final String CLIENTS = "relay/docs/how-to/let-clients-in.md";

    @TempDir
    private Path folder;

    @BeforeEach
    void shouldHaveCurl() {
        assertThat(ForeignScript.program("curl", "apt-get install curl")).isNotNull();
    }

    @Test
    void shouldShowTheDemoFromATerminalAndWhatIsWrongWithIt() throws Exception {
        try (PageTerminal terminal = new PageTerminal(folder)) {
            terminal.start("demo", first(block("README.md", "scripts/relay ")));
            terminal.await("demo", "8080", "/readyz");
            final PageBlock tap = PageBlock.starting("README.md", "$ scripts/relay tap");
            assertThat(terminal.run(tap.typed())).contains(tap.text().lines().skip(1).findFirst().orElseThrow())
                .containsPattern("\\d updates, \\d+ conflated, \\d+ bytes in [0-9.]+ s, ledger ok\\n$");

            final String why = PageBlock.starting("relay/docs/how-to/why-is-it-stale.md", "curl").text();
            assertThat(terminal.run(why.replace("--seconds 10", "--seconds 1")))
                .contains("{\"ready\":true,\"feed\":\"live\"", "ledger ok");
        }
    }

    @Test
    void shouldWriteAndCheckAVenueFileAndRelayIt() throws Exception {
        try (PageTerminal terminal = new PageTerminal(folder)) {
            final String acme = block(VENUE, "name = acme");
            terminal.write("acme.conf", acme);
            terminal.write("bad.conf",
                acme.replace("channel = quote,", "channel = quotes,").replace("as = heartbeat", "as = heartbeet"));
            shows(PageBlock.starting(VENUE, "$ scripts/relay check --venue bad"), terminal, 78);

            terminal.write("acme.jsonl", block(VENUE, "{\"type\":\"quote\""));
            shows(PageBlock.starting(VENUE, "$ ACME_KEY=k scripts/relay check"), terminal, 1);
            terminal.run(PageBlock.starting(VENUE, "$ cp").typed());

            terminal.write("relay.conf", block(VENUE, "feed.venue = \"acme.conf\""));
            final PageBlock relayed = PageBlock.starting(VENUE, "$ scripts/relay replay");
            final List<String> typed = relayed.typed().lines().toList();
            terminal.start("replay", typed.get(0));
            terminal.start("relay", typed.get(1));
            // the recording ends, and with it the feed is stale
            terminal.await("relay", "8080", "/healthz");
            final String tap = terminal.run(typed.get(2) + " --count 2");
            assertThat(relayed.text().lines().skip(4)).hasSize(2)
                .allSatisfy(line -> assertThat(tap).contains(line.substring(line.indexOf(' '))));
        }
    }

    @Test
    void shouldRelayARecordingInPlaceOfAVenue() throws Exception {
        try (PageTerminal terminal = new PageTerminal(folder)) {
            terminal.write("feed.conf", PageBlock.of(FEED).stream().map(PageBlock::text)
                .filter(text -> text.contains("ws://localhost:9100/")).findFirst().orElseThrow());
            final List<String> typed = block(FEED, "scripts/relay replay").lines().toList();
            terminal.start("replay", typed.get(0));
            terminal.start("relay", typed.get(1));
            terminal.await("relay", "8080", "/readyz");
        }
    }

    @Test
    void shouldLetAClientInByItsKeyAndByATicket() throws Exception {
        try (PageTerminal terminal = new PageTerminal(folder); DemoFeed feed = DemoFeed.start(0)) {
            terminal.write("feed.conf", block(CLIENTS, "auth { mode = keys")
                + "feed.venue = demo\nfeed.url = \"" + feed.url() + "\"\n");
            final List<String> made = terminal.run(block(CLIENTS, "scripts/relay key new")).lines().toList();
            final String key = made.stream().flatMap(line -> List.of(line.split("\\s+")).stream())
                .filter(word -> word.startsWith("penstock_")).findFirst().orElseThrow();
            final String hash = made.stream().filter(line -> line.contains("sha256:")).findFirst().orElseThrow();
            terminal.write("keys.conf", "keys = [\n" + hash + "\n]\n");
            terminal.start("relay", "scripts/relay run -c feed.conf");
            terminal.await("relay", "8080", "/readyz");

            final String connect = block(CLIENTS, "export QUOTES_KEY").replace("penstock_…", key);
            assertThat(terminal.run(connect.replace("--symbols '*'", "--symbols '*' --count 3")))
                .contains("EURUSD", "ledger ok", "{\"epoch\":").doesNotContain("BTCUSD");
            assertThat(terminal.run("export QUOTES_KEY=" + key + '\n'
                + first(block(CLIENTS, "curl -X POST -H \"Authorization: Bearer $QUOTES_KEY\""))))
                .startsWith("{\"ticket\":\"");
        }
    }

    /** What the page shows is printed, line by line; {@code …} stands for lines that it leaves out. */
    private static void shows(final PageBlock block, final PageTerminal terminal, final int code) throws Exception {
        final String all = terminal.run("{ " + block.typed() + "; } 2>&1", code);
        final List<String> printed = new ArrayList<>(all.lines().toList());
        for (final String line : block.text().lines().skip(1).filter(each -> !each.equals("…")).toList()) {
            final int at = printed.indexOf(line);
            assertThat(at).as("%s shows '%s', the relay prints %s", block.place(), line, printed).isNotNegative();
            printed.subList(0, at + 1).clear();
        }
    }

    private static String first(final String text) {
        return text.lines().findFirst().orElseThrow();
    }

    private static String block(final String page, final String begin) {
        return PageBlock.starting(page, begin).text();
    }
}
