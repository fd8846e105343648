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
import java.util.stream.IntStream;
import penstock.audit.Termination;
import penstock.fanout.format.WebSocketFormat;
import penstock.fanout.subscription.Interest;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.testkit.ParsedJson;
import penstock.testkit.RecordingSocket;
import penstock.testkit.Seeds;
import penstock.testkit.WorkingThread;
import penstock.topic.Channel;
import penstock.topic.Topic;
import penstock.wire.ContentOptions;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;
import penstock.wire.request.Resume;
import penstock.wire.request.SymbolPattern;

/**
 * A round of {@link SlicedRequestModelTest}: one client, whose requests, rights and feed change at random.
 */
final class SlicedRequestRound {
    private record Rule(SymbolPattern pattern, boolean joins) {
    }

    private static final int STEPS = 16;
    private static final int SYMBOLS = 400;
    private static final int MAX_SLICES = 2_000;
    private static final long EPOCH = 7;
    /** While one request is worked on: a session whose client's rights change all the time is sent nothing. */
    private static final int MAX_GRANTS = 5;

    private final Random random;
    private final WorkingThread thread = new WorkingThread(1_000_000_000L, 180_000);
    private final MemoryShare memory = MemoryShare.unlimited();
    private final ShardRig rig = new ShardRig(thread,
        new SessionLimits(10, 10_000, 262_144, 1_000_000, 0, 60_000), 4_096, 4 << 20,
        List.of(new Channel(0, "quote", "last-value", true, memory)), memory);
    /** By symbol, while it is there: the numbers of its values, in order. */
    private final Map<String, List<Long>> values = new HashMap<>();
    /** What the shard asks the feed for. */
    private final Set<String> wanted = new HashSet<>();
    private long published;
    private final boolean forgets;
    int slices;
    int resumed;
    int forgotten;
    final ModelRights rights;
    private RecordingSocket socket;
    private Session session;
    /** What the answers up to now say. */
    private final List<Rule> rules = new ArrayList<>();
    private SubscriptionOptions terms;
    private final Map<String, Long> has = new HashMap<>();
    private final Deque<Runnable> answers = new ArrayDeque<>();
    private Map<?, ?> answer;
    private int snapshots;
    private Request last;
    private long p;

    SlicedRequestRound(final long seed) {
        random = Seeds.random(seed);
        // a client whose topics may be gone does not resume
        forgets = random.nextInt(3) > 0;
        final boolean hasRights = random.nextInt(3) == 0;
        rights = new ModelRights(thread, rig.shard, random, hasRights);
        // only on demand topics are forgotten, and come again
        rig.shard.interest().serveOnDemand(rig.shard.topics().firstFeed(), new Interest() {
            @Override
            public void onAdded(final int channel, final List<String> symbols, final String client) {
                symbols.forEach(symbol -> assertThat(wanted.add(symbol)).as(symbol + " is wanted").isTrue());
            }

            @Override
            public void onRemoved(final int channel, final List<String> symbols) {
                symbols.forEach(symbol -> assertThat(wanted.remove(symbol)).as(symbol + " was wanted").isTrue());
            }
        }, 10_000);
    }

    void run() {
        for (int i = 0; i < SYMBOLS; i++) {
            tick("A" + i);
        }
        rig.tick();
        connect();
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(8) == 0) {
                disconnect();
                change();
                connect();
            } else {
                request();
            }
            if (work()) {
                check();
            } else {
                // in the middle of a request
                disconnect();
                connect();
            }
        }
        disconnect();
        while (rig.shard.work().size() > 0) {
            thread.advanceMs(1);
        }
        for (final MemoryUse use : MemoryUse.values()) {
            assertThat(memory.used(use)).as(use.key()).isZero();
        }
        assertThat(rig.shard.subscriptionCount()).isZero();
        assertThat(wanted).isEmpty();
        for (final Topic topic : rig.shard.topics().channels().get(0).topics()) {
            assertThat(topic.subscribers().isEmpty()).isTrue();
        }
        assertThat(rig.telemetry.errors().entries()).isEmpty();
    }

    /** The feed and the slices go on by turns until all is answered; sometimes the client leaves before. */
    private boolean work() {
        final int patience = random.nextInt(6) == 0 ? random.nextInt(20) : Integer.MAX_VALUE;
        int grants = 0;
        for (int i = 0; rig.shard.work().size() > 0; i++) {
            if (i == patience) {
                return false;
            }
            assertThat(i).as("slices of " + last).isLessThan(MAX_SLICES);
            change();
            if (grants < MAX_GRANTS && random.nextInt(8) == 0) {
                grants++;
                grant();
            }
            thread.advanceMs(1 + random.nextInt(4));
            read();
            slices++;
        }
        return true;
    }

    /** Everything changes once more, and what the client has is the newest. */
    private void check() {
        for (final String symbol : values.keySet().stream().sorted().toList()) {
            tick(symbol);
        }
        rig.feed.flush();
        thread.advanceMs(500);
        read();
        assertThat(answers).isEmpty();
        assertThat(snapshots).isZero();
        for (final Map.Entry<String, List<Long>> each : values.entrySet()) {
            final boolean isSent = isHeld(each.getKey()) && rights.permits(each.getKey());
            assertThat(has.get(each.getKey())).as(each.getKey())
                .isEqualTo(isSent ? (long) each.getValue().size() : null);
            assertThat(isSent && rights.isDenied(each.getKey())).as(each.getKey() + " is live").isFalse();
        }
        final Set<String> named = new HashSet<>();
        for (final Rule rule : rules) {
            if (rule.joins && rule.pattern.isExact() && rights.permits(rule.pattern.symbol())) {
                named.add(rule.pattern.symbol());
            } else if (!rule.joins) {
                named.removeIf(rule.pattern::matches);
            }
        }
        assertThat(wanted).isEqualTo(named);
    }

    /** The rights of the client change now. */
    private void grant() {
        read();
        rights.grant();
    }

    private void change() {
        for (int i = random.nextInt(30); i > 0; i--) {
            final String symbol = (random.nextInt(10) == 0 ? "Z" : "A") + random.nextInt(SYMBOLS);
            if (forgets && random.nextInt(5) == 0 && values.remove(symbol) != null) {
                forgotten++;
                rig.feed.flush();
                rig.feed.forget(symbol);
                rig.feed.flush();
            } else {
                tick(symbol);
            }
        }
        rig.feed.flush();
        rig.shard.newestTopics();
    }

    private void tick(final String symbol) {
        values.computeIfAbsent(symbol, s -> new ArrayList<>()).add(published++);
        rig.feed.tick(symbol, thread.nowNs());
    }

    private void connect() {
        socket = rig.socket();
        session = rig.shard.open(socket, WebSocketFormat.PLAIN, "test", rights.identity(), "test");
        thread.run();
        answers.clear();
        rights.begin();
        final boolean mayResume = terms != null && snapshots == 0 && p > 0 && !rules.isEmpty()
            && rules.stream().allMatch(Rule::joins) && random.nextInt(4) > 0;
        snapshots = 0;
        if (mayResume) {
            final List<SymbolPattern> patterns = rules.stream().map(Rule::pattern).distinct().toList();
            subscribe(patterns, terms, true, random.nextBoolean() ? new Resume(EPOCH, p)
                : Resume.of(EPOCH, p, patterns));
        } else {
            forgetAll();
            subscribe(patterns(), terms(), true, null);
        }
    }

    private void forgetAll() {
        rules.clear();
        has.clear();
        terms = null;
        p = 0;
    }

    private void disconnect() {
        read();
        thread.work(() -> session.onDisconnected(Termination.CLIENT_GONE));
    }

    private void request() {
        final boolean runs = terms != null;
        if (random.nextInt(4) == 0) {
            showToken();
        } else if (random.nextInt(3) == 0) {
            grant();
        }
        switch (random.nextInt(runs ? 8 : 1)) {
            case 0, 1, 2 -> subscribe(patterns(), runs && random.nextBoolean() ? terms : terms(),
                random.nextInt(3) > 0, null);
            case 3, 4 -> {
                final SubscriptionOptions said = terms();
                send(new Request.Change("1", "s", true, said));
                answers.add(() -> {
                    terms = said;
                    snapshots++;
                });
            }
            case 5, 6 -> {
                final List<SymbolPattern> patterns = patterns();
                send(new Request.Unsubscribe("1", "s", patterns));
                answers.add(() -> {
                    patterns.forEach(pattern -> rules.add(new Rule(pattern, false)));
                    has.keySet().removeIf(symbol -> !isHeld(symbol));
                    rights.forget(symbol -> !isHeld(symbol));
                });
            }
            default -> {
                send(new Request.Unsubscribe("1", "s", List.of()));
                answers.add(() -> {
                    snapshots = 0;
                    rights.forget(symbol -> true);
                    forgetAll();
                });
            }
        }
        if (random.nextInt(4) == 0) {
            send(new Request.ListSubscriptions("1"));
            answers.add(() -> { });
        }
    }

    /** The client has other products from the answer on. */
    private void showToken() {
        final String token = rights.newToken();
        if (token != null) {
            send(new Request.Auth("1", token));
            answers.add(rights::onTokenAnswered);
        }
    }

    private void subscribe(final List<SymbolPattern> patterns, final SubscriptionOptions said,
            final boolean snapshot, final Resume resume) {
        send(new Request.Subscribe("1", "s", null, patterns, snapshot, resume, said));
        answers.add(() -> {
            final boolean goesOn = "true".equals(answer.get("resumed"));
            resumed += goesOn ? 1 : 0;
            if (resume != null) {
                rules.clear();
                if (!goesOn) {
                    has.clear();
                }
            }
            patterns.forEach(pattern -> rules.add(new Rule(pattern, true)));
            terms = said;
            snapshots += snapshot || goesOn ? 1 : 0;
        });
    }

    private void send(final Request request) {
        last = request;
        thread.work(() -> session.onRequest(request));
    }

    private boolean isHeld(final String symbol) {
        boolean isHeld = false;
        for (final Rule rule : rules) {
            isHeld = rule.pattern.matches(symbol) ? rule.joins : isHeld;
        }
        return isHeld;
    }

    private List<SymbolPattern> patterns() {
        return ShardRig.patterns(switch (random.nextInt(4)) {
            case 0 -> new String[] {"*"};
            case 1 -> new String[] {"A" + random.nextInt(10) + "*", "*" + random.nextInt(10)};
            default -> IntStream.range(0, 1 + random.nextInt(200)).mapToObj(i -> random.nextInt(10) == 0
                ? "Z" + random.nextInt(SYMBOLS) : "A" + random.nextInt(SYMBOLS)).distinct().toArray(String[]::new);
        });
    }

    private SubscriptionOptions terms() {
        final boolean isAll = random.nextInt(3) == 0;
        return new SubscriptionOptions(isAll ? Mode.ALL : Mode.CONFLATE, isAll ? -1 : random.nextInt(2) * 10, null,
            0, 0, new ContentOptions(random.nextInt(3) == 0 ? List.of("n") : List.of(), random.nextInt(3) == 0, 0));
    }

    private void read() {
        for (final RecordingSocket.Frame frame : socket.takeFrames()) {
            if (frame.opcode() == 9) {
                session.onPong();
                continue;
            }
            try {
                assertThat(frame.opcode()).isEqualTo(1);
                read(ParsedJson.object(ParsedJson.parse(frame.text())));
            } catch (final AssertionError | RuntimeException e) {
                throw new AssertionError(e.getMessage() + "\n by " + frame.text(), e);
            }
        }
    }

    private void read(final Map<?, ?> message) {
        switch (ParsedJson.bare(message.get("type"))) {
            case "ack", "list" -> {
                answer = message;
                answers.remove().run();
            }
            case "snapshot", "update" -> {
                final boolean isImage = message.get("type").equals("\"snapshot\"");
                for (final Object each : ParsedJson.list(message.get("data"))) {
                    entry(ParsedJson.object(each), isImage);
                }
                p = Long.parseLong((String) message.get("p"));
                snapshots -= message.containsKey("last") && message.containsKey("id") ? 1 : 0;
            }
            case "status" -> {
                final String state = ParsedJson.bare(message.get("state"));
                for (final Object each : ParsedJson.list(message.get("symbols"))) {
                    onState(ParsedJson.bare(each), state, "\"not_subscribed\"".equals(message.get("reason")));
                }
            }
            default -> assertThat(ParsedJson.bare(message.get("type"))).isIn("welcome", "heartbeat");
        }
    }

    private void onState(final String symbol, final String state, final boolean isForgotten) {
        assertThat(isHeld(symbol)).as(symbol + " is subscribed").isTrue();
        if (rights.onState(symbol, state) || isForgotten) {
            has.remove(symbol);
        }
    }

    private void entry(final Map<?, ?> entry, final boolean isImage) {
        final String symbol = ParsedJson.bare(entry.get("s"));
        final long q = Long.parseLong((String) entry.get("q"));
        final long conflated = entry.containsKey("c") ? Long.parseLong((String) entry.get("c")) : 0;
        final Long before = has.put(symbol, q);
        assertThat(isHeld(symbol)).as(symbol + " is subscribed").isTrue();
        assertThat(rights.permits(symbol) && !rights.isDenied(symbol)).as(symbol + " is permitted").isTrue();
        assertThat(isImage || terms.mode() != Mode.ALL || conflated == 0).as("all are sent").isTrue();
        if (before != null && !isImage) {
            assertThat(q - before).as("ledger of " + symbol).isEqualTo(conflated + 1);
        } else if (before != null) {
            assertThat(q).as("image of " + symbol).isGreaterThanOrEqualTo(before);
        }
        if (values.containsKey(symbol) && q <= values.get(symbol).size()) {
            assertThat(ParsedJson.object(entry.get("v")).get("n")).as(symbol + " q" + q)
                .isEqualTo("" + values.get(symbol).get((int) q - 1));
        }
    }
}
