package penstock.feed.book;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import penstock.config.relay.FeedConfig;
import penstock.feed.FakeUpstreams;
import penstock.feed.FeedPlan;
import penstock.feed.FeedProxy;
import penstock.ring.FeedState;
import penstock.ring.LevelBuffer;
import penstock.ring.Tick;
import penstock.ring.TickHandler;
import penstock.ring.TopicState;
import penstock.ring.UpdateKind;
import penstock.telemetry.Counter;
import penstock.testkit.ManualClock;
import penstock.testkit.VenueSpelling;
import penstock.upstream.SnapshotFetch;
import penstock.venue.Gzip;
import penstock.venue.PlayedBook;
import penstock.venue.RecordedRing;
import penstock.venue.Venue;
import penstock.venue.spec.ConnectionSpec;

/**
 * A feed of a venue file with fake connections and snapshots that the test answers; builds the book of a subscriber.
 */
final class SynchronizerRig implements TickHandler {
    final ManualClock clock = new ManualClock();
    final RecordedRing ring = new RecordedRing(4096);
    final FakeUpstreams upstreams = new FakeUpstreams(clock);
    final List<Asked> asked = new ArrayList<>();
    /** Each tick out of the ring: snapshot or delta, and the book after it. */
    final List<String> kinds = new ArrayList<>();
    final List<String> books = new ArrayList<>();
    final FeedProxy session;
    private final boolean isBinary;
    private FakeUpstreams.Server connection;
    /** Messages of the connection that were looked at. */
    private int looked;
    private final Map<String, String> book = new TreeMap<>();
    private final LevelBuffer levels = new LevelBuffer();

    /** A pending snapshot request. */
    final class Asked {
        final URI address;
        final long atNs = clock.nowNs();
        final Consumer<SnapshotFetch.Fetched> answer;
        boolean isAborted;

        Asked(final URI address, final Consumer<SnapshotFetch.Fetched> answer) {
            this.address = address;
            this.answer = answer;
        }

        void body(final String body) {
            answer.accept(new SnapshotFetch.Fetched(200, -1, body.getBytes(StandardCharsets.UTF_8), null));
            poll();
        }

        void status(final int status, final long retryAfterMs) {
            answer.accept(new SnapshotFetch.Fetched(status, retryAfterMs, new byte[0], null));
        }
    }

    SynchronizerRig(final String venueName, final String channel, final Function<String, String> environment) {
        this(venueName, channel, environment, List.of());
    }

    SynchronizerRig(final String venueName, final String channel, final Function<String, String> environment,
            final List<String> symbols) {
        final Venue venue = VenueSpelling.load(venueName, environment);
        isBinary = venue.connection().framing().frames() == ConnectionSpec.Frames.BINARY;
        final FeedConfig config =
            new FeedConfig("test", venueName, List.of("ws://one.invalid/"), List.of(channel), symbols, Map.of());
        upstreams.fetch = (request, answer) -> {
            final Asked each = new Asked(request.address(), answer);
            asked.add(each);
            return () -> each.isAborted = true;
        };
        session = FeedProxy.of(FeedPlan.of(venue, config), upstreams, clock, new SplittableRandom(1),
            ring.publisher, ring.telemetry,
            text -> { });
        session.start();
        upstreams.last().open();
    }

    static SynchronizerRig spot() {
        return new SynchronizerRig("binance", "book", name -> null);
    }

    /** A change of a spot book: one bid. */
    SynchronizerRig change(final long first, final long last, final String price, final String size) {
        return text("{\"stream\":\"btcusdt@depth\",\"data\":{\"e\":\"depthUpdate\",\"E\":1700000000123,"
            + "\"s\":\"BTCUSDT\",\"U\":" + first
            + ",\"u\":" + last + ",\"b\":[[\"" + price + "\",\"" + size + "\"]],\"a\":[]}}");
    }

    SynchronizerRig text(final String frame) {
        send(upstreams.last(), frame);
        return poll();
    }

    private void send(final FakeUpstreams.Server server, final String frame) {
        if (isBinary) {
            server.binary(Gzip.of(frame.getBytes(StandardCharsets.UTF_8)));
        } else {
            server.text(frame);
        }
    }

    /** Requests over the connection are asked for like those over HTTP; an answer to one that has ended is lost. */
    private void look() {
        if (connection != upstreams.last()) {
            connection = upstreams.last();
            looked = 0;
        }
        final FakeUpstreams.Server server = connection;
        for (; looked < server.sent.size(); looked++) {
            if (server.sent.get(looked).startsWith("{\"req\"")) {
                asked.add(new Asked(null, fetched -> send(server, fetched.body().length > 0
                    ? new String(fetched.body(), StandardCharsets.UTF_8)
                    : "{\"id\":\"7\",\"status\":\"error\",\"err-msg\":\"429 too many request topic is market.btcusdt.mbp.150\"}")));
            }
        }
    }

    static String snapshot(final long number, final String price, final String size) {
        return "{\"lastUpdateId\":" + number + ",\"bids\":[[\"" + price + "\",\"" + size + "\"]],\"asks\":[]}";
    }

    Asked lastAsked() {
        return asked.get(asked.size() - 1);
    }

    /** Time passes, with heartbeats. */
    void pass(final long ms) {
        for (long left = ms; left > 0; left -= 5_000) {
            text("{\"stream\":\"x@bookTicker\",\"data\":{\"u\":1,\"s\":\"X\",\"b\":\"1\"}}");
            clock.advance(Math.min(left, 5_000));
        }
    }

    /** The book of the subscriber. */
    String book() {
        return PlayedBook.state(book);
    }

    long count(final Counter counter) {
        return ring.count(counter);
    }

    SynchronizerRig poll() {
        look();
        ring.poll(this);
        return this;
    }

    @Override
    public void onTopic(final int topic, final int channel, final byte[] payloads, final int offset,
            final int length, final long sinceQ) {
    }

    @Override
    public void onValue(final Tick tick, final byte[] payloads) {
        if (tick.kind() == UpdateKind.FULL) {
            return;
        }
        kinds.add(tick.kind().name().toLowerCase(Locale.ROOT));
        if (tick.kind() == UpdateKind.SNAPSHOT) {
            book.clear();
        }
        levels.wrap(payloads, tick.offset(), tick.length());
        while (levels.next()) {
            final String price = digits(payloads, levels.priceOffset(), levels.priceLength());
            final String key = (levels.side() == LevelBuffer.BID ? "bid " : "ask ") + price;
            if (levels.isRemoval()) {
                book.remove(key);
            } else {
                book.put(key, digits(payloads, levels.sizeOffset(), levels.sizeLength()));
            }
        }
        books.add(PlayedBook.state(book));
    }

    @Override
    public void onTopicState(final int topic, final TopicState state, final String reason, final long sinceUs,
            final long p) {
    }

    @Override
    public void onFeedState(final int feed, final FeedState state, final String reason, final long sinceUs,
            final long retryInMs, final long p) {
    }

    /** Without the quotes. */
    private static String digits(final byte[] bytes, final int offset, final int length) {
        return new String(bytes, offset, length, StandardCharsets.UTF_8).replace("\"", "");
    }
}
