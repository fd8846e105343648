package penstock.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import penstock.client.BrokenLedger;
import penstock.client.ClientListener;
import penstock.client.ClientOptions;
import penstock.client.GridTerms;
import penstock.client.PenstockClient;
import penstock.client.PriceGrid;
import penstock.client.RefusedException;
import penstock.client.TopicView;
import penstock.client.socket.ClientTransport;
import penstock.client.socket.JdkTransport;
import penstock.system.ForeignScript;
import penstock.testkit.ParsedJson;
import penstock.testkit.Patience;
import penstock.testkit.Seeds;

/** Clients in Java lose nothing untold while connections are cut and a recording is played. */
@Tag("gate")
class RecordedJavaClientTest extends RecordedCuts {
    private static final int CLIENTS = 12;
    private static final int AT_LEAST = 1_000;
    /** The JDK loses an end in twenty of those that follow a whole message: silence shows it, after 1.75 s here. */
    private static final String HEARTBEAT = "fanout.heartbeat = 500ms\n";

    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    /** Each trade of a connection that is never cut, by symbol and sequence. */
    private final Map<String, Object> reference = new ConcurrentHashMap<>();

    @Test
    @Timeout(Patience.TEST_SECONDS)
    void shouldLoseNothingUntoldInJava() throws Exception {
        try {
            play(this::watch, HEARTBEAT);
        } finally {
            executor.shutdownNow();
        }
    }

    private void watch(final String relay, final String proxy, final ForeignScript.Step cuts) throws Exception {
        await().atMost(Patience.LIMIT).until(() -> bookNames(relay).size() > 1);
        final ClientTransport.Connection uncut = new JdkTransport(http).open(
            URI.create(relay.replace("http", "ws") + "v1/ws?channel=trade&symbols=*"), List.of("penstock.v1.json"),
            new Uncut());
        await().atMost(Patience.LIMIT).until(() -> !reference.isEmpty());
        final List<User> users = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            users.add(new User(proxy, bookNames(relay)));
        }
        cuts.run();
        await().atMost(Patience.LIMIT).untilAsserted(() -> assertThat(wrong(relay, users)).isEmpty());
        assertThat(faults).isEmpty();
        long events = 0;
        for (final User user : users) {
            events += user.trades.count();
            assertThat(user.trades.faults).isEmpty();
            for (final Map.Entry<String, String> event : user.trades.values.entrySet()) {
                assertThat(ParsedJson.parse(event.getValue())).as(event.getKey())
                    .isEqualTo(reference.get(event.getKey()));
            }
            user.client.close();
            user.client.ended().join();
        }
        assertThat(events).isGreaterThan(AT_LEAST);
        uncut.close(1000);
    }

    private List<String> wrong(final String relay, final List<User> users) throws Exception {
        final Map<String, List<?>> snapshots = new HashMap<>();
        for (final String channel : List.of("quote", "trade", "book")) {
            snapshots.put(channel, ParsedJson.list(get(relay, "v1/snapshot?channel=" + channel).get("data")));
        }
        final List<String> wrong = new ArrayList<>();
        for (final User user : users) {
            final CompletableFuture<List<String>> found = new CompletableFuture<>();
            user.client.execute(() -> found.complete(user.wrong(snapshots)));
            wrong.addAll(found.get());
        }
        return wrong;
    }

    private List<String> bookNames(final String relay) throws IOException, InterruptedException {
        return ParsedJson.list(get(relay, "v1/symbols?channel=book").get("symbols")).stream().map(ParsedJson::bare)
            .toList();
    }

    private Map<?, ?> get(final String relay, final String path) throws IOException, InterruptedException {
        return ParsedJson.object(ParsedJson.parse(http.send(
            HttpRequest.newBuilder(URI.create(relay + path)).build(), HttpResponse.BodyHandlers.ofString()).body()));
    }

    /** The connection that is never cut. */
    private final class Uncut implements ClientTransport.Events {
        @Override
        public void onOpen() {
            // the address subscribes
        }

        @Override
        public void onText(final CharSequence text, final Runnable done) {
            final Map<?, ?> message = ParsedJson.object(ParsedJson.parse(text.toString()));
            if (message.containsKey("data")) {
                for (final Object each : ParsedJson.list(message.get("data"))) {
                    final Map<?, ?> entry = ParsedJson.object(each);
                    reference.put(ParsedJson.bare(entry.get("s")) + ' ' + entry.get("q"), entry.get("v"));
                }
            }
            done.run();
        }

        @Override
        public void onClose(final int code, final String reason) {
            faults.add("the connection that is not cut ended: " + code + ' ' + reason);
        }
    }

    /** One client with its grids; the name of each begins with its channel. */
    private final class User implements ClientListener {
        private final TradeAccount trades = new TradeAccount();
        private final Map<String, PriceGrid> grids = new LinkedHashMap<>();
        private final PenstockClient client;

        User(final String proxy, final List<String> books) {
            client = PenstockClient.connect(proxy, ClientOptions.on(executor).transport(new JdkTransport(http))
                .listener(this).platform(new HastyPlatform(Seeds.random(seeds.random().nextLong()))));
            grids.put("trade", client.trades(GridTerms.of("*"), trades));
            grids.put("quote as it changes", open(GridTerms.of("*").channel("quote").interval(20)));
            grids.put("quote each time", open(GridTerms.of("*").channel("quote").everyUpdate()));
            for (int i = 0; i < books.size(); i++) {
                final GridTerms book = GridTerms.of(books.get(i)).channel("book");
                grids.put("book " + books.get(i), open(i == 0 ? book.everyUpdate() : book.interval(10)));
            }
        }

        private PriceGrid open(final GridTerms terms) {
            return client.open(terms, frame -> frame.forEach(TopicView::json), null);
        }

        /** On the client's executor. */
        List<String> wrong(final Map<String, List<?>> snapshots) {
            final List<String> wrong = new ArrayList<>();
            grids.forEach((name, grid) -> {
                final String channel = name.replaceFirst(" .*", "");
                final List<?> entries = snapshots.get(channel).stream().filter(entry -> !channel.equals("book")
                    || name.endsWith(' ' + ParsedJson.bare(ParsedJson.object(entry).get("s")))).toList();
                wrong.addAll(ShownValues.differences(name, name.endsWith("changes"), grid, entries));
            });
            for (final String event : reference.keySet()) {
                final String[] parts = event.split(" ");
                if (trades.untold(parts[0], Long.parseLong(parts[1])) > 0) {
                    wrong.add(event + " is missing untold");
                }
            }
            return wrong;
        }

        @Override
        public void onBroken(final BrokenLedger broken) {
            faults.add(broken.toString());
        }

        @Override
        public void onError(final RefusedException error) {
            faults.add(error.code() + ' ' + error.getMessage());
        }
    }
}
