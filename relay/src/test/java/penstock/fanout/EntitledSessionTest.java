package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.audit.Termination;
import penstock.config.relay.AuthConfig;
import penstock.fanout.format.WebSocketFormat;
import penstock.identity.Identity;
import penstock.identity.Principal;
import penstock.identity.Products;
import penstock.ring.TopicState;
import penstock.testkit.RecordingSocket;
import penstock.testkit.Seeds;
import penstock.testkit.WebSocketFormats;
import penstock.topic.Channel;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;
import penstock.wire.request.Request;
import penstock.wire.request.Resume;

/** A client that may not see every topic, beside one that may. */
class EntitledSessionTest {
    private static final String[] SYMBOLS = {"EURUSD", "EURGBP", "eurusd", "GBPUSD", "XAUUSD", "XAU", "T.EUR", "T.XAU"};
    private static final String[] ASKED = {"EURUSD", "EURGBP", "eurusd", "GBPUSD", "XAUUSD", "XAU", "NOSUCH", "*",
        "EUR*", "X*", "*USD"};
    private static final String[] PRODUCTS = {"EUR*", "EURUSD", "GBPUSD", "XAU*", "*GBP", "T.E*", "eurusd"};

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private final Set<String> wanted = new TreeSet<>();

    @Test
    void shouldAnswerAForbiddenNameLikeAnUnknownOne() {
        final ShardRig rig = rig();
        rig.tick("EURUSD", "XAUUSD", "xauusd");
        final RecordingSocket socket = rig.socket();
        final Session session = open(rig, socket, client("EURUSD"));
        rig.subscribe(session, "0", 0, "EURUSD", "XAUUSD", "NOSUCH");
        assertThat(ShardRig.texts(socket).get(1)).contains("\"matched\":1,\"unknown\":[\"XAUUSD\",\"NOSUCH\"],"
            + "\"denied\":[]").doesNotContain("warnings");
        rig.tick("XAUUSD");
        rig.state(TopicState.CLOSED, "gone", "XAUUSD");
        rig.thread.run();
        assertThat(ShardRig.texts(socket)).noneMatch(text -> text.contains("XAUUSD"));
    }

    /** Once a topic was forgotten, a position is of use only for symbols that were known before. */
    @Test
    void shouldResumeAForbiddenNameLikeAnUnknownOne() {
        final ShardRig rig = rig();
        rig.tick("EURUSD", "XAUUSD", "EURGBP");
        final Resume resume = new Resume(7, rig.shard.topics().position());
        rig.tick("EURGBP");
        rig.feed.forget("EURGBP");
        rig.feed.flush();
        rig.thread.run();
        final List<String> acks = new ArrayList<>();
        for (final String name : List.of("XAUUSD", "NOSUCH")) {
            final RecordingSocket socket = rig.socket();
            open(rig, socket, client("EUR*")).onRequest(new Request.Subscribe("1", "0", null,
                ShardRig.patterns("EURUSD", name), Mode.CONFLATE, 0, true).resuming(resume));
            rig.thread.run();
            acks.add(ShardRig.texts(socket).get(1).replace(name, "NAME"));
        }
        assertThat(acks.get(0)).contains("\"unknown\":[\"NAME\"]").isEqualTo(acks.get(1));
    }

    /** What another client may see, and the venue, must not show in what this one is sent. */
    @Test
    void shouldSendAClientTheSameAsAFeedWithoutTheForbiddenTopics() {
        for (final long seed : seeds.rounds(300)) {
            final Random random = Seeds.random(seed);
            final Identity client = client(PRODUCTS[random.nextInt(PRODUCTS.length)],
                PRODUCTS[random.nextInt(PRODUCTS.length)]);
            final boolean isOnDemand = random.nextBoolean();
            assertThat(transcript(seed, client, true, isOnDemand))
                .isEqualTo(transcript(seed, client, false, isOnDemand));
        }
    }

    @Test
    void shouldNotAskTheVenueForForbiddenNames() {
        final ShardRig rig = rig();
        rig.shard.interest().serveOnDemand(rig.shard.topics().firstFeed(), new WantedSymbols(wanted), 100);
        final RecordingSocket socket = rig.socket();
        final Session session = open(rig, socket, client("EUR*"));
        rig.subscribe(session, "0", 0, "EURUSD", "XAUUSD", "XAU");
        assertThat(wanted).containsExactly("EURUSD");

        final Session other = rig.open(rig.socket(), WebSocketFormat.PLAIN);
        rig.subscribe(other, "0", 0, "XAUUSD", "XAU");
        refuse(rig, "XAU");
        rig.tick("XAUUSD");
        rig.thread.run();
        assertThat(ShardRig.texts(socket)).noneMatch(text -> text.contains("\"status\"") || text.contains("update"));
        rig.subscribe(session, "1", 0, "XAU");
        assertThat(ShardRig.texts(socket)).hasSize(2).noneMatch(text -> text.contains("closed"));

        session.onRequest(new Request.Unsubscribe(null, "0", ShardRig.patterns("XAUUSD")));
        rig.thread.run();
        assertThat(wanted).containsExactly("EURUSD", "XAU", "XAUUSD");
        session.onDisconnected(Termination.CLIENT_GONE);
        rig.thread.advanceMs(100);
        assertThat(wanted).containsExactly("XAU", "XAUUSD");
        other.onDisconnected(Termination.CLIENT_GONE);
        rig.thread.advanceMs(100);
        assertThat(wanted).isEmpty();
    }

    @Test
    void shouldSendARawClientOnlyPayloadsThatItMaySee() {
        final ShardRig rig = rig();
        final RecordingSocket socket = rig.socket();
        final Session session = rig.shard.open(socket, WebSocketFormats.RAW, "test", client("EUR*"), "test");
        rig.tick("EURUSD", "XAUUSD");
        rig.subscribe(session, "0", 0, "*", "XAUUSD");
        rig.tick("EURUSD", "XAUUSD", "XAU", "EURGBP");
        rig.thread.advanceMs(100);
        assertThat(ShardRig.texts(socket)).hasSize(3);
    }

    /** What the client is sent, without positions and values, which the rig counts over all topics. */
    private List<String> transcript(final long seed, final Identity client, final boolean hasForbidden,
            final boolean isOnDemand) {
        wanted.clear();
        final ShardRig rig = rig();
        if (isOnDemand) {
            rig.shard.interest().serveOnDemand(rig.shard.topics().firstFeed(), new WantedSymbols(wanted), 100);
        }
        final RecordingSocket socket = rig.socket();
        final Session session = open(rig, socket, client);
        final Session other = rig.open(rig.socket(), WebSocketFormat.PLAIN);
        final Random random = Seeds.random(seed + 1);
        final List<String> transcript = new ArrayList<>();
        for (int step = 0; step < 40; step++) {
            step(rig, session, other, random, client, hasForbidden);
            rig.thread.run();
            ShardRig.texts(socket).stream().filter(text -> !text.contains("\"welcome\""))
                .map(text -> text.replaceAll("\"(p|n|since)\":[0-9]+", "\"$1\":_")).forEach(transcript::add);
        }
        if (!hasForbidden) {
            return transcript;
        }
        other.onDisconnected(Termination.CLIENT_GONE);
        rig.thread.advanceMs(200);
        assertThat(wanted).allMatch(symbol -> permits(client, symbol));
        return transcript;
    }

    private void step(final ShardRig rig, final Session session, final Session other, final Random random,
            final Identity client, final boolean hasForbidden) {
        final String sub = Integer.toString(random.nextInt(2));
        final String symbol = SYMBOLS[random.nextInt(SYMBOLS.length)];
        final String asked = ASKED[random.nextInt(ASKED.length)];
        final String second = ASKED[random.nextInt(ASKED.length)];
        final Mode mode = random.nextInt(3) == 0 ? Mode.ALL : Mode.CONFLATE;
        final TopicState state = random.nextBoolean() ? TopicState.STALE : TopicState.CLOSED;
        final boolean isThere = hasForbidden || permits(client, symbol);
        switch (random.nextInt(9)) {
            case 0, 1 -> session.onRequest(new Request.Subscribe("1", sub, random.nextInt(4) == 0 ? "kline" : null,
                ShardRig.patterns(asked, second), mode, mode == Mode.ALL ? -1 : random.nextInt(2) * 50, true));
            case 2 -> session.onRequest(new Request.Unsubscribe("2", sub, ShardRig.patterns(asked)));
            case 3 -> session.onRequest(new Request.ListSubscriptions("3"));
            case 4 -> session.onRequest(new Request.Subscribe("4", sub, null, ShardRig.patterns(asked),
                Mode.CONFLATE, 0, true).resuming(new Resume(7, 0)));
            case 5 -> {
                if (isThere) {
                    rig.state(state, "why", symbol);
                }
            }
            case 6 -> other.onRequest(ShardRig.request("0", Mode.CONFLATE, 0, asked));
            default -> {
                if (isThere) {
                    rig.tick(symbol);
                }
            }
        }
        rig.thread.advanceMs(random.nextInt(4) * 20);
    }

    private static boolean permits(final Identity client, final String symbol) {
        return client.entitlement().permits(symbol.startsWith("T.") ? "kline" : "quote", symbol);
    }

    private static void refuse(final ShardRig rig, final String name) {
        final byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        rig.shard.onNameRefused(0, bytes, 0, bytes.length, "no such symbol", 1);
    }

    private static ShardRig rig() {
        return new ShardRig(new SessionLimits(9, 100, 65_536, 10_000, 0, 60_000), 4096, 4 << 20,
            List.of(new Channel(0, "quote", "last-value", true), new Channel(1, "kline", "last-value", false)));
    }

    private static Session open(final ShardRig rig, final RecordingSocket socket, final Identity client) {
        final Session session = rig.shard.open(socket, WebSocketFormat.PLAIN, "test", client, "test");
        rig.thread.run();
        return session;
    }

    private static Identity client(final String... symbols) {
        final Products products = new Products(Map.of("some", new AuthConfig.Product(List.of(), List.of(symbols))));
        return new Identity(new Principal("desk-7", Set.of("some"), 0, Principal.NEVER, "test"),
            products.of(Set.of("some")));
    }
}
