package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import penstock.config.VenueName;
import penstock.config.relay.FeedConfig;
import penstock.testkit.RecordedLog;
import penstock.testkit.VenueSpelling;
import penstock.upstream.ScriptedServer;
import penstock.venue.Venue;
import penstock.venue.VenueReader;
import penstock.venue.generated.GeneratedInstruments;

/** The shipped venue files with a list of instruments, against a server that answers over HTTP as the venue does. */
@ExtendWith(MutedFeedLog.class)
class VenueInstrumentsTest extends NetworkFeedRig {
    private static final String ANY = "ANY";
    private static final String NOT_LISTED = ": the venue lists no such symbol; case counts";

    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private volatile Map<String, String> answers = Map.of();
    /** What the venue says first, if the login waits for it. */
    private volatile List<String> greeting = List.of();
    private HttpServer http;
    private ScriptedServer venue;
    private int unlisted;
    /** The first channel that is asked for by symbol: another one may be asked for once, for all symbols. */
    private int channel;

    static Stream<GeneratedInstruments> lists() {
        return GeneratedInstruments.all();
    }

    @BeforeEach
    void startServers() throws IOException {
        http = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        http.createContext("/", this::answer);
        http.start();
        venue = new ScriptedServer(peer -> {
            peer.accept();
            for (final String text : greeting) {
                peer.text(text);
            }
            while (true) {
                requests.add(peer.read().text());
            }
        });
    }

    @AfterEach
    void stopServers() throws IOException {
        http.stop(0);
        venue.close();
    }

    @Test
    void shouldKnowTheListsOfAllShippedFiles() {
        assertThat(lists().map(GeneratedInstruments::venue)).containsExactlyElementsOf(VenueName.BUILT_IN.stream()
            .filter(name -> Venue.load(name, variable -> "").instruments() != null).sorted().toList());
    }

    @ParameterizedTest
    @MethodSource("lists")
    void shouldAskTheVenueOnlyForWhatItLists(final GeneratedInstruments list) throws Exception {
        answers = list.answers();
        begin(local(list.venue()), config());
        final String refused = awaitRefusal(list);
        session.addInterest(channel, List.of(list.listed()), "client");
        awaitRequest(spelling(list.listed()));
        if (list.free() != null) {
            session.addInterest(channel, List.of(list.free()), "client");
            awaitRequest(spelling(list.free()));
        }
        assertThat(asked).containsExactlyInAnyOrderElementsOf(list.answers().keySet());
        assertThat(requests).noneMatch(text -> text.toUpperCase(Locale.ROOT).contains(refused));
    }

    @ParameterizedTest
    @MethodSource("lists")
    void shouldTakeAnyNameIfTheListHasAnotherShape(final GeneratedInstruments list) throws Exception {
        answers = list.answers().keySet().stream()
            .collect(Collectors.toMap(address -> address, address -> "{\"other\":1}"));
        try (RecordedLog log = new RecordedLog(InstrumentList.class.getName())) {
            begin(local(list.venue()), config());
            await("warning").until(() -> !log.lines().isEmpty());
            assertThat(log.lines()).singleElement().asString()
                .matches("WARN feed: no list of instruments, any name may be one: " + list.venue()
                    + "\\.conf:[0-9]+: instruments\\.names: .* finds no name in the answer");
        }
        session.addInterest(channel, List.of(list.unlisted(0)), "client");
        awaitRequest(spelling(list.unlisted(0)));
    }

    @Test
    void shouldNotUseTheListOfAVenueAtAnotherAddress() throws Exception {
        final GeneratedInstruments list = lists().findFirst().orElseThrow();
        answers = list.answers();
        begin(local(list.venue()), new FeedConfig("test", "test", List.of(venue.url() + "elsewhere"), List.of(),
            List.of(FeedConfig.ON_DEMAND), Map.of()));
        session.addInterest(channel, List.of(list.unlisted(0)), "client");
        awaitRequest(spelling(list.unlisted(0)));
        assertThat(asked).isEmpty();
    }

    /** Until the list has arrived any name may be on it. */
    private String awaitRefusal(final GeneratedInstruments list) {
        await().pollInSameThread().until(() -> {
            session.addInterest(channel, List.of(list.unlisted(++unlisted)), "client");
            ring.news();
            return ring.all.stream().anyMatch(news -> news.endsWith(NOT_LISTED));
        });
        return ring.all.stream().filter(news -> news.endsWith(NOT_LISTED)).findFirst().orElseThrow()
            .replace(NOT_LISTED, "").split(" ")[2].toUpperCase(Locale.ROOT);
    }

    private void awaitRequest(final String symbol) {
        await(symbol)
            .until(() -> requests.stream().anyMatch(text -> text.toUpperCase(Locale.ROOT).contains(symbol)));
    }

    /** Requests to the venue are compared in upper case: some venues want lower case. */
    private static String spelling(final String symbol) {
        return symbol.toUpperCase(Locale.ROOT);
    }

    private static FeedConfig config() {
        return new FeedConfig("test", "test", List.of(), List.of(), List.of(FeedConfig.ON_DEMAND), Map.of());
    }

    /** The shipped file with the addresses of the servers of this test in place of the venue's. */
    private Venue local(final String name) throws IOException {
        final String file = Files.readString(Path.of("../config/venues/" + name + ".conf"))
            .replaceFirst("\n  urls = \\[.*]\n", "\n  urls = [\"" + venue.url() + "\"]\n")
            .replaceFirst("\n  addresses \\{ ([a-z]+) = .*\n", "\n  addresses { $1 = \"" + venue.url() + "\" }\n")
            .replaceAll("\"https://[^/\"]+", "\"http://127.0.0.1:" + http.getAddress().getPort());
        final Venue rules =
            VenueReader.read(new StringReader(file), name + ".conf", VenueSpelling.SETTINGS, variable -> null);
        greeting = rules.session().isEmpty() ? List.of() : rules.replay().onOpen();
        channel = 0;
        while (!rules.subscribe().items(rules.channels().get(channel).name(), ANY).get(0).symbol().equals(ANY)) {
            channel++;
        }
        return rules;
    }

    private void answer(final HttpExchange exchange) throws IOException {
        final String sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        final String address = exchange.getRequestURI() + (sent.isEmpty() ? "" : " " + sent);
        asked.add(address);
        final boolean isAsJson = "application/json".equals(exchange.getRequestHeaders().getFirst("Content-Type"));
        final byte[] body = isAsJson == sent.startsWith("{")
            ? answers.getOrDefault(address, "").getBytes(StandardCharsets.UTF_8) : new byte[0];
        exchange.sendResponseHeaders(body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
