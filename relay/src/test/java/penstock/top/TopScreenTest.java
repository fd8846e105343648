package penstock.top;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import penstock.docs.Pages;

/** Screens as text. */
class TopScreenTest {
    private static final int WIDE = 160;
    private static final int HIGH = 40;

    private final TopState state = new TopState();

    @Test
    void shouldBeginWithWhatIsWrongAndWhy() throws IOException {
        assertThat(screen(Looks.ANOTHER_LOGIN, Looks.CONTESTED).subList(0, 5)).containsExactly(
            "PRICES ARE NOT LIVE  localhost:8081  11:06:40 UTC",
            "CRITICAL feed kraken: its prices are not live, for 12 s",
            "         because another program goes on logging in with the same credentials",
            "         stop it, or give it credentials of its own",
            "feed kraken  stale for 12 s: contested  100/s  2 topics  0 of 1 connections");
    }

    @Test
    void shouldSayWhoHasTheLease() throws IOException {
        final String feeds = Looks.CONTESTED.replace("contested", "standby")
            .replace("\"detail\":\"waits\",\"wanted\"", "\"detail\":\"standby: ingest-a has the lease\",\"wanted\"");
        final String lease = "penstock_lease_active 0.0\npenstock_lease_epoch 1795996800123.0\n";
        final RelayLook look = Looks.answered(3, Looks.metrics(3) + lease, Looks.WELL, feeds);
        assertThat(TopScreen.lines(RelayFigures.of(null, look), state, WIDE, HIGH).subList(0, 2))
            .map(Object::toString).containsExactly("STANDBY  localhost:8081  11:06:40 UTC",
            "lease epoch 1795996800123  standby: ingest-a has the lease");
    }

    @Test
    void shouldSayWhatTheRelayIsAmongOthers() throws IOException {
        final String edge = "penstock_role{role=\"standalone\"} 0.0\npenstock_role{role=\"edge\"} 1.0\n"
            + "penstock_link_live 1.0\npenstock_hop 2.0\npenstock_epoch 1795996800123.0\n"
            + "penstock_link_lag_seconds 0.0042\npenstock_link_held_bytes 1200.0\n"
            + "penstock_link_resumed_total{owner=\"feed\"} 3.0\npenstock_link_refusals_total{owner=\"feed\"} 0.0\n";
        final RelayLook look = Looks.answered(3, Looks.metrics(3) + edge, Looks.WELL, Looks.LIVE);
        assertThat(TopScreen.lines(RelayFigures.of(null, look), state, WIDE, HIGH).subList(0, 2))
            .map(Object::toString).containsExactly("PRICES ARE LIVE  localhost:8081  11:06:40 UTC  edge",
            "link live  hop 2  epoch 1795996800123  lag 4.2 ms  waiting 1.2 kB  resumed 3  refused 0");
    }

    @Test
    void shouldSayWhetherTheBusTakesWhatIsPublished() throws IOException {
        final String bus = "penstock_bus_connected 0.0\npenstock_bus_pending_bytes 1200.0\n"
            + "penstock_bus_missed_total 7.0\n";
        final RelayLook look = Looks.answered(3, Looks.metrics(3) + bus, Looks.WELL, Looks.LIVE);
        assertThat(TopScreen.lines(RelayFigures.of(null, look), state, WIDE, HIGH).get(1))
            .hasToString("bus not connected  waiting 1.2 kB  events missed 7");
    }

    @Test
    void shouldShowTheEdgesBehindTheLatestFirst() throws IOException {
        final RelayLook before = Looks.answered(1, Looks.metrics(1) + edges(0), Looks.WELL, Looks.LIVE);
        final RelayLook look = Looks.answered(3, Looks.metrics(3) + "penstock_role{role=\"ingest\"} 1.0\n" + edges(200),
            Looks.WELL, Looks.LIVE);
        assertThat(TopScreen.lines(RelayFigures.of(before, look), state, WIDE, HIGH).subList(0, 4))
            .map(Object::toString).containsExactly("PRICES ARE LIVE  localhost:8081  11:06:40 UTC  ingest",
            "feed kraken  live for 12 s  100/s  50 topics  1 of 1 connections",
            "edge paris  late 4.2 s  100/s  conflated 200/s  1.0 kB/s",
            "edge london  late 0 ms  100/s  conflated 0/s  1.0 kB/s");
    }

    /** One that has left has times that are not known. */
    private static String edges(final int more) {
        final StringBuilder text = new StringBuilder("penstock_edge_late_seconds{edge=\"gone\"} NaN\n");
        for (final String edge : List.of("london", "paris")) {
            final boolean isLate = edge.equals("paris");
            text.append("penstock_edge_late_seconds{edge=\"%s\"} %s\n".formatted(edge, isLate ? "4.2" : "0.0"));
            text.append("penstock_edge_updates_total{edge=\"%s\"} %d.0\n".formatted(edge, more));
            text.append("penstock_edge_conflated_total{edge=\"%s\"} %d.0\n".formatted(edge, isLate ? 2 * more : 0));
            text.append("penstock_edge_bytes_total{edge=\"%s\"} %d.0\n".formatted(edge, 10 * more));
        }
        return text.toString();
    }

    @Test
    void shouldShowRatesOfTwoLooksAndTheWorstSessions() throws IOException {
        final List<String> screen = screen(Looks.WELL, Looks.LIVE);
        assertThat(screen.get(0)).startsWith("PRICES ARE LIVE");
        assertThat(screen.get(1)).isEqualTo(
            "feed kraken  live for 12 s  100/s  50 topics  1 of 1 connections");
        assertThat(screen.get(2)).isEqualTo(
            "in 100/s  delivered 200/s  conflation 0.50  sent 1.0 kB/s  sessions 1,000  blocked writes 1/s");
        assertThat(screen.get(3)).isEqualTo("threads feed 10 %  process 10 %");
        assertThat(screen).anySatisfy(line -> assertThat(line)
            .matches("age when sent +0.500 ms +0.900 ms +0.990 ms +10"));
        assertThat(screen).anySatisfy(line -> assertThat(line).matches(
            "slow1 +desk-7 +10.0.0.5:51000 +4.2 s +4.3 s +socket +4.2 s +18.2 kB +3 +250"));
        assertThat(screen.get(HIGH - 1)).startsWith("q end  s sort");
        assertThat(screen).hasSize(HIGH);
    }

    @Test
    void shouldBeginAsThePageShows() throws IOException {
        final String page = Pages.text("relay/docs/how-to/monitoring.md");
        final List<String> shown = page.substring(page.indexOf("PRICES ARE LIVE")).lines()
            .takeWhile(line -> !line.startsWith("```")).toList();
        final String late = "{\"findings\":[{\"severity\":\"warning\",\"subject\":\"session slow1\",\"text\":\"1 of 1000 "
            + "sessions is late: slow1 (desk-7, 10.0.0.5:51000) by 4.2 s\",\"cause\":\"its socket takes no bytes: the "
            + "client, or the network to it, is slower than what it asked for\",\"since\":1794999995800000,\"remedy\":"
            + "\"the others do not wait for it; let it ask for a longer interval or fewer symbols, or close it (kick)\"}]}";
        assertThat(screen(late, Looks.LIVE).subList(0, shown.size())).isEqualTo(shown);
    }

    @Test
    void shouldFitIntoAnyWindow() throws IOException {
        final RelayFigures figures = figures(Looks.ANOTHER_LOGIN, Looks.CONTESTED);
        for (final int columns : new int[] {1, 20, 80, 300}) {
            for (final int rows : new int[] {1, 2, 10, 24, 100}) {
                assertThat(TopScreen.lines(figures, state, columns, rows)).hasSize(rows)
                    .allSatisfy(line -> assertThat(line.columnLength()).isLessThanOrEqualTo(columns));
            }
        }
    }

    @Test
    void shouldSayThatTheFiguresAreThoseOfTheCountersFile() {
        final List<String> screen = Looks.texts(RelayFigures.of(Looks.unanswered(1, "stuck for 12 s: feed"),
            Looks.unanswered(3, "stuck for 14 s: feed")), state, WIDE, HIGH);
        assertThat(screen.subList(0, 3)).containsExactly(
            "the process does not answer: figures of its counters file, /dev/shm/penstock-me/8080, 11:06:40 UTC",
            "stuck for 14 s: feed; no answer within a second",
            "in 100/s  delivered –/s  conflation –  sent –/s  sessions 10  blocked writes –/s");
        assertThat(screen).contains("the sessions are not in the counters file");
    }

    @Test
    void shouldSayThatFiguresAreOldOnceThereAreNoNewOnes() throws IOException {
        state.problem("no relay answers at localhost:8081 (connection refused)");
        assertThat(screen(Looks.WELL, Looks.LIVE).subList(0, 2)).containsExactly(
            "NO ANSWER SINCE 11:06:40 UTC: these figures are old",
            "no relay answers at localhost:8081 (connection refused)");
    }

    @Test
    void shouldSayThatTheFeedThreadDoesNotAnswer() throws IOException {
        final RelayLook look = Looks.answered(1, Looks.metrics(1), Looks.WELL, Looks.LIVE);
        final RelayLook silent = new RelayLook(look.origin(), look.atNs(), look.epochUs(), look.metrics(),
            new RelayLook.Answers(null, null, List.of(), 0, null));
        assertThat(Looks.texts(RelayFigures.of(null, silent), state, WIDE, HIGH).get(0))
            .startsWith("PRICES: NOT KNOWN  the feed thread does not answer");
    }

    @Test
    void shouldShowOneSessionAndItsSubscriptions() throws IOException {
        state.press(TopKey.ENTER, List.of("slow1", "well2"));
        assertThat(screen(Looks.WELL, Looks.LIVE)).contains("session slow1", "client    desk-7",
            "late      4.2 s, behind 4.3 s, because of socket",
            "subscription grid: quote, mode conflate, interval 100 ms, 250 topics",
            "  late 4.2 s, because of socket; 88 topics are not up to date",
            "    BTC/USD  q 20417, was sent 20399, 3.9 s ago");
    }

    @Test
    void shouldAskBeforeItClosesASession() throws IOException {
        state.press(TopKey.KICK, List.of("slow1"));
        assertThat(screen(Looks.WELL, Looks.LIVE).get(HIGH - 1)).isEqualTo(
            "close session slow1? y closes it, any other key does not");
    }

    @Test
    void shouldListItsKeys() throws IOException {
        state.press(TopKey.HELP, List.of());
        assertThat(screen(Looks.WELL, Looks.LIVE)).anySatisfy(line -> assertThat(line).startsWith("k  "));
    }

    @Test
    void shouldNotLetTextsOfPeersMoveTheCursor() throws IOException {
        final String hostile = "{\"findings\":[{\"severity\":\"warning\",\"subject\":\"feed \\u001b[2J\","
            + "\"text\":\"a\\nb\",\"cause\":\"c\",\"since\":1,\"remedy\":\"r\"}]}";
        assertThat(screen(hostile, Looks.LIVE)).allSatisfy(line -> assertThat(line).doesNotContain("\u001b", "\n"));
    }

    @Test
    void shouldKnowNoRatesAfterARestart() throws IOException {
        final RelayFigures figures = RelayFigures.of(Looks.answered(8, Looks.metrics(8), Looks.WELL, Looks.LIVE),
            Looks.answered(9, Looks.metrics(1), Looks.WELL, Looks.LIVE));
        assertThat(figures.flow().in()).isNaN();
        assertThat(figures.flow().conflation()).isNaN();
    }

    @Test
    void shouldTakePercentilesAsPrometheusDoes() {
        final MetricValues before = MetricValues.parse("x_bucket{le=\"1.0\"} 100\nx_bucket{le=\"+Inf\"} 100");
        final MetricValues now = MetricValues.parse("x_bucket{le=\"1.0\"} 150\nx_bucket{le=\"+Inf\"} 200");
        final StageLatency latency = StageLatency.of("x", before.buckets("x"), now.buckets("x"));
        assertThat(latency).isEqualTo(new StageLatency("x", 100, 1, 1, 1));
        assertThat(StageLatency.of("x", now.buckets("x"), now.buckets("x")).p50()).isNaN();
        assertThat(MetricValues.parse("y{owner=\"feed\",feed=\"a\"} 2\ny{owner=\"feed\",feed=\"b\"} 3").byOwner("y"))
            .isEqualTo(Map.of("feed/a", 2.0, "feed/b", 3.0));
    }

    private List<String> screen(final String findings, final String feeds) throws IOException {
        return Looks.texts(figures(findings, feeds), state, WIDE, HIGH);
    }

    private static RelayFigures figures(final String findings, final String feeds) throws IOException {
        return RelayFigures.of(Looks.answered(1, Looks.metrics(1), findings, feeds),
            Looks.answered(2, Looks.metrics(2), findings, feeds));
    }
}
