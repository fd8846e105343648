package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import penstock.audit.Termination;
import penstock.fanout.format.WebSocketFormat;
import penstock.testkit.ParsedJson;
import penstock.testkit.RecordingSocket;
import penstock.testkit.WebSocketFormats;
import penstock.topic.Topic;
import penstock.wire.Mode;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;
import penstock.wire.request.Resume;
import penstock.wire.request.SymbolPattern;

/**
 * A careful subscriber: asks, reads, goes away and comes back with what it remembers. What it asks for holds from the
 * answer on.
 */
final class ReferenceClient {
    final Map<String, ReferenceSubscription> subs = new TreeMap<>();
    /** As the relay reported it last. */
    private boolean isFeedLive;
    /** Subscriptions of mode once that have their images. */
    int ended;
    int resumed;
    int refusedResumes;
    private final ReferenceFeed feed;
    private final Random random;
    /** The names of subscriptions that it asked for on this connection. */
    private final Set<String> running = new HashSet<>();
    private int requests;
    private final Deque<Consumer<Map<?, ?>>> answers = new ArrayDeque<>();
    private Shard shard;
    private Session session;
    RecordingSocket socket;

    ReferenceClient(final ReferenceFeed feed, final Random random) {
        this.feed = feed;
        this.random = random;
    }

    boolean isConnected() {
        return session != null;
    }

    boolean isAt(final Shard other) {
        return session != null && shard == other;
    }

    boolean isAnswered() {
        return answers.isEmpty();
    }

    boolean isClear() {
        return !socket.wantsWrites() && socket.partOfFrame() == 0;
    }

    /** Comes back; {@code epoch} is the one that it says it was in. */
    void connect(final Shard to, final RecordingSocket through, final long epoch) {
        shard = to;
        socket = through;
        session = to.open(through, WebSocketFormats.any(WebSocketFormat.PLAIN, random), "model");
        running.clear();
        for (final ReferenceSubscription sub : List.copyOf(subs.values())) {
            sub.entries.values().forEach(ReferenceEntry::keep);
            final Set<String> known = new TreeSet<>();
            for (final String symbol : sub.held) {
                final ReferenceEntry entry = sub.entries.get(symbol);
                if (!sub.isUnsure() && (entry == null || !entry.isAwaited)) {
                    known.add(symbol);
                }
            }
            comeBack(sub, known, epoch);
        }
    }

    /** Says of which symbols it has the values: in the resume, or by a request of their own. */
    private void comeBack(final ReferenceSubscription sub, final Set<String> known, final long epoch) {
        final SubscriptionOptions terms = sub.terms;
        final Set<String> all = new TreeSet<>(sub.held);
        final Set<String> unknown = new TreeSet<>(sub.held);
        unknown.removeAll(known);
        sub.notified.clear();
        sub.asked.clear();
        sub.expected.clear();
        final long p = sub.p;
        if (known.isEmpty()) {
            sub.begin();
            subscribe(sub, all, terms, true, null);
        } else if (random.nextBoolean()) {
            subscribe(sub, all, terms, true,
                Resume.of(epoch, p, known.stream().map(ReferenceClient::pattern).toList()));
        } else {
            subscribe(sub, known, terms, true, new Resume(epoch, p));
            if (!unknown.isEmpty()) {
                // a position that is older than the request claims nothing
                subscribe(sub, unknown, terms, true, random.nextBoolean() ? new Resume(epoch, p) : null);
            }
        }
    }

    /** What the relay knows to be worth nothing is not shown as live. */
    void checkShown() {
        for (final ReferenceSubscription sub : subs.values()) {
            for (final String symbol : sub.held) {
                final Topic topic = shard.topics().channels().get(sub.channel.ordinal()).topic(symbol);
                final ReferenceEntry entry = sub.entries.get(symbol);
                if (topic != null && entry != null && !entry.isBare()
                    && shard.topics().state(topic) != penstock.ring.TopicState.LIVE) {
                    assertThat(sub.showsLive(entry)).as(sub.name + " shows " + symbol + " as live, it is "
                        + shard.topics().state(topic)).isFalse();
                }
            }
        }
    }

    void disconnect() {
        read();
        session.onDisconnected(Termination.CLIENT_GONE);
        session = null;
        answers.clear();
        subs.values().removeIf(sub -> sub.terms == null || sub.held.isEmpty() || sub.terms.mode() == Mode.ONCE);
        subs.values().forEach(sub -> {
            sub.asked.clear();
            sub.asked.addAll(sub.held);
            sub.askedTerms = sub.terms;
        });
    }

    void writable() {
        for (int i = 0; i < 20 && session != null && socket.wantsWrites() && !socket.isStalled(); i++) {
            session.onWritable();
        }
    }

    /** Asks for more symbols, or for other terms; {@code said} is said in full but for the mode of what runs. */
    void subscribe(final ReferenceSubscription sub, final Set<String> symbols, final SubscriptionOptions said,
            final boolean snapshot, final Resume resume) {
        subs.put(sub.name, sub);
        final Set<String> joining = new TreeSet<>(symbols);
        joining.removeAll(sub.asked);
        final boolean isFirst = running.add(sub.name);
        final String id = "" + ++requests;
        session.onRequest(new Request.Subscribe(id, sub.name, sub.channel.channel(),
            symbols.stream().map(ReferenceClient::pattern).toList(), snapshot, resume, said));
        final Map<String, Long> stored = new HashMap<>();
        for (final String symbol : joining) {
            final Topic topic = shard.topics().channels().get(sub.channel.ordinal()).topic(symbol);
            stored.put(symbol, topic == null ? 0 : topic.q());
        }
        final long atP = shard.topics().position();
        sub.asked.addAll(symbols);
        sub.askedTerms = said;
        final boolean mayResume = resume != null && (isFirst || resume.isExplicit());
        answers.add(ack -> {
            checkEffective(ack, said);
            final boolean goesOn = "true".equals(ack.get("resumed"));
            assertThat(!goesOn || mayResume).isTrue();
            final String replaces = !goesOn && !snapshot ? "none" : isFirst && !goesOn ? "all" : "some";
            expect(sub, ack, id, replaces, goesOn, said);
            sub.keepTo(said, snapshot || goesOn ? id : null, answeredNs, atP);
            sub.held.addAll(symbols);
            if (goesOn) {
                assertThat(resume.epoch()).isEqualTo(7);
                resumed++;
                sub.resume(joining.stream().filter(resume::claims).collect(Collectors.toSet()), resume.p(), atP);
                stored.keySet().removeIf(resume::claims);
            } else if (mayResume) {
                refusedResumes++;
                sub.begin();
            }
            join(sub, stored, snapshot || goesOn ? id : null);
        });
    }

    /** Asks for other terms and names no symbol. */
    void change(final ReferenceSubscription sub, final SubscriptionOptions said, final boolean snapshot) {
        final String id = "" + ++requests;
        session.onRequest(new Request.Change(id, sub.name, snapshot, said));
        sub.askedTerms = said;
        final long atP = shard.topics().position();
        answers.add(ack -> {
            checkEffective(ack, said);
            expect(sub, ack, id, snapshot ? "some" : "none", false, said);
            sub.keepTo(said, snapshot ? id : null, answeredNs, atP);
        });
    }

    private static void expect(final ReferenceSubscription sub, final Map<?, ?> ack, final String id,
            final String replaces, final boolean isResumed, final SubscriptionOptions said) {
        assertThat(ack.get("id")).isEqualTo(id);
        assertThat(ParsedJson.bare(ack.get("replaces"))).isEqualTo(replaces);
        if (!replaces.equals("none")) {
            sub.expected.add(new ReferenceSubscription.Expected(id, replaces, isResumed,
                sub.terms != null && !sub.terms.content().equals(said.content())));
        }
    }

    void unsubscribe(final ReferenceSubscription sub, final Set<String> symbols) {
        session.onRequest(
            new Request.Unsubscribe("" + ++requests, sub.name,
            symbols.stream().map(ReferenceClient::pattern).toList()));
        sub.asked.removeAll(symbols);
        if (symbols.isEmpty()) {
            running.remove(sub.name);
            final ReferenceSubscription over = sub;
            answers.add(ack -> subs.remove(over.name, over));
            sub.asked.clear();
        } else {
            answers.add(ack -> sub.unsubscribed(symbols));
        }
    }

    private long answeredNs;

    void read() {
        for (final RecordingSocket.Frame frame : socket.takeFrames()) {
            if (frame.opcode() == 1) {
                answeredNs = frame.begunNs();
                read(frame);
            }
        }
    }

    private void read(final RecordingSocket.Frame frame) {
        final Map<?, ?> message = ParsedJson.object(ParsedJson.parse(frame.text()));
        final String type = ParsedJson.bare(message.get("type"));
        final ReferenceSubscription sub =
            message.containsKey("sub") ? subs.get(ParsedJson.bare(message.get("sub"))) : null;
        try {
            switch (type) {
                case "snapshot" -> {
                    sub.paced(0, frame.bytes(), frame.begunNs());
                    sub.snapshot(message, isFeedLive);
                    if (message.containsKey("last") && sub.terms.mode() == Mode.ONCE) {
                        subs.remove(sub.name);
                        ended++;
                    }
                }
                case "update" -> {
                    sub.paced(ParsedJson.list(message.get("data")).size(), frame.bytes(), frame.begunNs());
                    sub.update(message);
                }
                case "gap" -> {
                    sub.paced(0, frame.bytes(), frame.begunNs());
                    sub.gap(message);
                }
                case "rows", "topics" -> sub.announced(frame.bytes(), frame.begunNs());
                case "ack" -> answers.remove().accept(message);
                case "status" -> status(sub, message);
                case "welcome" -> isFeedLive = "\"live\"".equals(ParsedJson.object(message.get("feed")).get("state"));
                default -> assertThat(type).as(frame.text()).isEqualTo("heartbeat");
            }
        } catch (final AssertionError | RuntimeException e) {
            throw new AssertionError(e.getMessage() + "\n  by " + frame.text(), e);
        }
    }

    private void status(final ReferenceSubscription sub, final Map<?, ?> message) {
        if (message.get("scope").equals("\"symbols\"")) {
            final String state = ParsedJson.bare(message.get("state"));
            for (final Object symbol : ParsedJson.list(message.get("symbols"))) {
                final String before = sub.notified.put(ParsedJson.bare(symbol), state);
                assertThat(before == null ? "live" : before).as(symbol + " notified before").isNotEqualTo(state);
            }
        } else {
            isFeedLive = message.get("state").equals("\"live\"");
            if (!isFeedLive) {
                subs.values().forEach(each -> each.entries.values().forEach(ReferenceEntry::lose));
            }
        }
    }

    private void join(final ReferenceSubscription sub, final Map<String, Long> stored, final String awaitedBy) {
        stored.forEach((symbol, q) -> {
            sub.entries.remove(symbol);
            if (feed.topic(symbol) != null) {
                final ReferenceEntry entry = sub.entry(symbol);
                entry.begin(awaitedBy != null ? 0 : q);
                if (awaitedBy != null && q > 0) {
                    entry.await(awaitedBy);
                }
            }
        });
    }

    private static void checkEffective(final Map<?, ?> ack, final SubscriptionOptions said) {
        final Map<?, ?> effective = ParsedJson.object(ack.get("effective"));
        final Map<String, Object> expected = new TreeMap<>();
        expected.put("mode", '"' + said.mode().text() + '"');
        expected.put("interval", said.mode() == Mode.CONFLATE ? "" + said.intervalMs() : null);
        expected.put("maxRate", said.maxRate() > 0 ? "" + said.maxRate() : null);
        expected.put("maxBytesPerSecond", said.maxBytes() > 0 ? "" + said.maxBytes() : null);
        expected.put("fields", said.content().fields().isEmpty() ? null : quoted(said.content().fields()));
        expected.put("delta", said.content().delta() ? "true" : null);
        expected.put("depth", said.content().depth() > 0 ? "" + said.content().depth() : null);
        expected.forEach((name, value) -> assertThat(effective.get(name)).as(name).isEqualTo(value));
    }

    private static List<String> quoted(final List<String> names) {
        final List<String> quoted = new ArrayList<>();
        names.forEach(name -> quoted.add('"' + name + '"'));
        return quoted;
    }

    private static SymbolPattern pattern(final String text) {
        return ShardRig.patterns(text).get(0);
    }
}
