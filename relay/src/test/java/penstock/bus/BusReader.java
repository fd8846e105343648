package penstock.bus;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import penstock.testkit.ParsedJson;
import penstock.wire.TopicPartition;

/**
 * A reader of the bus that computes: it joins by snapshots, counts what was conflated, and takes a snapshot again when
 * a number is missing. It reads by the page, and knows the relay's classes for the number of partitions only. Called on
 * the thread of its connection, and under its lock by the test.
 */
final class BusReader implements AutoCloseable {
    private static final long ASK_AGAIN_MS = 1_000;

    /** What is known of a topic. */
    static final class Known {
        long q;
        long p;
        long first;
        long updates;
        long conflated;
        boolean isStale;
        boolean isEvent;
        Object value;
        private final Map<String, TreeMap<String, Object>> sides = new LinkedHashMap<>();
    }

    /** What is known of a partition. */
    private static final class Part {
        private final Map<String, String> symbols = new HashMap<>();
        private final List<Message> early = new ArrayList<>();
        private final List<Message> pieces = new ArrayList<>();
        private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();
        private long epoch;
        private long seq = -1;
        private boolean isJoined;
        private String inbox;
        private long askedMs;
        private long snapshots;
        private long gaps;
        private long position;
    }

    private final Connection connection;
    private final String subject;
    private final Dispatcher dispatcher;
    private final Map<Integer, Part> parts = new HashMap<>();
    /** By channel and symbol. */
    private final Map<String, Known> topics = new HashMap<>();
    private final Map<String, Long> announced = new HashMap<>();
    private final List<String> breaches = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();
    private long bytes;

    /** Of a feed with that subject; joins at once. */
    BusReader(final List<String> urls, final String subject)
            throws IOException, InterruptedException, TimeoutException {
        this.subject = subject;
        connection = Nats.connect(new Options.Builder().servers(urls.toArray(new String[0])).noRandomize()
            .maxReconnects(-1).reconnectWait(Duration.ofMillis(100)).pingInterval(Duration.ofSeconds(1)).maxPingsOut(2)
            .build());
        dispatcher = connection.createDispatcher(this::onMessage);
        dispatcher.setPendingLimits(-1, -1);
        for (int i = 0; i < TopicPartition.COUNT; i++) {
            parts.put(i, new Part());
            dispatcher.subscribe(subject + '.' + i);
        }
        connection.flush(Duration.ofSeconds(10));
    }

    /** Whether all partitions are joined; asks again what was not answered. */
    synchronized boolean isJoined() {
        parts.forEach((number, part) -> {
            if (!part.isJoined && System.currentTimeMillis() - part.askedMs >= ASK_AGAIN_MS) {
                ask(number, part);
            }
        });
        return parts.values().stream().allMatch(part -> part.isJoined);
    }

    synchronized Map<String, Known> topics() {
        return new TreeMap<>(topics);
    }

    synchronized List<String> breaches() {
        return List.copyOf(breaches);
    }

    /** The texts that were not announcements. */
    synchronized List<String> texts() {
        return List.copyOf(texts);
    }

    /** How often a partition was joined. */
    synchronized long snapshots() {
        return parts.values().stream().mapToLong(part -> part.snapshots).sum();
    }

    /** How often a number was missing. */
    synchronized long gaps() {
        return parts.values().stream().mapToLong(part -> part.gaps).sum();
    }

    synchronized long bytes() {
        return bytes;
    }

    /** Updates that were sent or conflated into another one. */
    synchronized long counted() {
        return topics.values().stream().mapToLong(topic -> topic.updates + topic.conflated).sum();
    }

    synchronized long conflated() {
        return topics.values().stream().mapToLong(topic -> topic.conflated).sum();
    }

    private void ask(final int number, final Part part) {
        part.pieces.clear();
        part.askedMs = System.currentTimeMillis();
        if (part.inbox != null) {
            dispatcher.unsubscribe(part.inbox);
        }
        part.inbox = connection.createInbox();
        dispatcher.subscribe(part.inbox);
        connection.publish(subject + ".snapshot." + number, part.inbox, new byte[0]);
    }

    private synchronized void onMessage(final Message message) {
        try {
            for (final Map.Entry<Integer, Part> each : parts.entrySet()) {
                if (message.getSubject().equals(subject + '.' + each.getKey())) {
                    bytes += message.getData().length;
                    onStream(each.getKey(), each.getValue(), message);
                } else if (message.getSubject().equals(each.getValue().inbox)) {
                    onPiece(each.getValue(), message);
                }
            }
        } catch (final RuntimeException | Error e) {
            breaches.add(e.toString());
        }
    }

    private void onStream(final int number, final Part part, final Message message) {
        final long epoch = header(message, "Epoch");
        final long seq = header(message, "Seq");
        if (epoch < part.epoch) {
            return;
        }
        final boolean isNothing = message.getData().length == 0;
        final boolean isNext = epoch == part.epoch && seq == part.seq + (isNothing ? 0 : 1);
        if (part.isJoined && !isNext && (epoch > part.epoch || seq > part.seq)) {
            part.gaps++;
            part.isJoined = false;
            part.early.clear();
            part.unfinished.reset();
            ask(number, part);
        }
        if (!part.isJoined) {
            part.early.add(message);
        } else if (isNext && !isNothing) {
            part.seq = seq;
            read(part, message, false);
        }
    }

    private void onPiece(final Part part, final Message message) {
        if (message.getHeaders() == null || part.isJoined) {
            return;
        }
        if (header(message, "Piece") != part.pieces.size()) {
            // a piece is missing: it is asked again
            part.pieces.clear();
            return;
        }
        part.pieces.add(message);
        if (!"1".equals(message.getHeaders().getFirst("Penstock-Last"))) {
            return;
        }
        part.epoch = header(message, "Epoch");
        part.seq = header(message, "Seq");
        part.position = -1;
        part.pieces.forEach(piece -> read(part, piece, true));
        if (part.position < 0) {
            breaches.add("the snapshot has no position");
        }
        part.pieces.clear();
        final List<Message> early = new ArrayList<>(part.early);
        part.early.clear();
        for (final Message each : early) {
            if (header(each, "Epoch") == part.epoch && header(each, "Seq") > part.seq) {
                if (header(each, "Seq") != part.seq + 1) {
                    // something is missing behind the snapshot: the next one is asked for
                    part.askedMs = 0;
                    part.early.addAll(early.subList(early.indexOf(each), early.size()));
                    return;
                }
                if (each.getData().length > 0) {
                    part.seq++;
                    read(part, each, false);
                }
            }
        }
        part.snapshots++;
        part.isJoined = true;
    }

    private static long header(final Message message, final String name) {
        return Long.parseLong(message.getHeaders().getFirst("Penstock-" + name));
    }

    private void read(final Part part, final Message message, final boolean isSnapshot) {
        part.unfinished.writeBytes(message.getData());
        if ("1".equals(message.getHeaders().getFirst("Penstock-More"))) {
            return;
        }
        final ByteBuffer in = ByteBuffer.wrap(part.unfinished.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        part.unfinished.reset();
        while (in.hasRemaining()) {
            final byte kind = in.get();
            final byte[] body = new byte[in.getInt()];
            in.get(body);
            if (kind == 1) {
                onText(part, new String(body, StandardCharsets.UTF_8), isSnapshot);
            } else {
                onEnvelope(part, ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN), isSnapshot);
            }
        }
    }

    private void onText(final Part part, final String text, final boolean isSnapshot) {
        final Map<?, ?> message = ParsedJson.object(ParsedJson.values(text));
        if ("topics".equals(message.get("type"))) {
            for (final Object each : ParsedJson.list(message.get("topics"))) {
                final List<?> topic = ParsedJson.list(each);
                final String key = message.get("sub") + " " + topic.get(0);
                final String name = message.get("sub") + " " + topic.get(1);
                final int number = TopicPartition.of(message.get("sub").toString(), topic.get(1).toString());
                if (parts.get(number) != part) {
                    breaches.add(name + " is in another partition than " + number);
                }
                part.symbols.put(key, name);
                announced.put(name, (Long) topic.get(2));
            }
        } else if ("position".equals(message.get("type"))) {
            final long p = (Long) message.get("p");
            if (!isSnapshot && p < part.position && part.isJoined) {
                breaches.add("position " + p + " behind " + part.position);
            }
            part.position = isSnapshot ? p : Math.max(p, part.position);
        } else {
            texts.add(text);
        }
    }

    private void onEnvelope(final Part part, final ByteBuffer in, final boolean isSnapshot) {
        final long p = in.getLong(24);
        final int block = in.getShort(0);
        in.position(8 + block);
        final int entryBlock = in.getShort();
        final int count = in.getShort() & 0xffff;
        final List<Runnable> entries = new ArrayList<>();
        final String[] sub = new String[1];
        for (int i = 0; i < count; i++) {
            final int at = in.position();
            final long topic = in.getInt(at) & 0xffff_ffffL;
            final long q = in.getLong(at + 4);
            final long entryP = in.getLong(at + 12);
            final int state = in.get(at + 32);
            final int flags = in.get(at + 33);
            in.position(at + entryBlock);
            final String value = text(in, in.getInt());
            text(in, in.getInt());
            entries.add(() -> {
                final String name = part.symbols.get(sub[0] + " " + topic);
                if (name == null) {
                    breaches.add("topic " + topic + " of " + sub[0] + " was not announced");
                } else {
                    onEntry(name, new long[] {q, entryP == 0 ? p : entryP, state, flags}, value,
                        isSnapshot ? 0 : part.position);
                }
            });
        }
        sub[0] = ParsedJson.values(text(in, in.getShort())).toString();
        entries.forEach(Runnable::run);
    }

    private static String text(final ByteBuffer in, final int length) {
        final byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void onEntry(final String name, final long[] head, final String value, final long position) {
        final Known known = topics.computeIfAbsent(name, key -> new Known());
        final long q = head[0];
        if (head[1] <= known.p && known.q > 0) {
            return;
        }
        if (head[1] <= position) {
            breaches.add(name + ": p " + head[1] + " behind the position " + position);
        }
        if (q <= known.q) {
            breaches.add(name + ": q " + q + " behind " + known.q);
        }
        if (known.q == 0) {
            known.first = q;
            known.updates = 1;
        } else {
            known.updates++;
            known.conflated += q - known.q - 1;
        }
        known.isEvent = name.startsWith("trade ");
        known.q = q;
        known.p = head[1];
        known.isStale = head[2] != 0;
        if (value.startsWith("{\"bids\"") || value.startsWith("{\"asks\"")) {
            applyBook(known, ParsedJson.object(ParsedJson.parse(value)), (head[3] & 1) != 0);
        } else {
            known.value = ParsedJson.parse(value);
        }
    }

    private static void applyBook(final Known known, final Map<?, ?> value, final boolean isChange) {
        for (final String side : List.of("bids", "asks")) {
            final TreeMap<String, Object> levels = known.sides.computeIfAbsent(side, key -> new TreeMap<>());
            if (!isChange) {
                levels.clear();
            }
            if (value.get(side) != null) {
                for (final Object each : ParsedJson.list(value.get(side))) {
                    final List<?> level = ParsedJson.list(each);
                    final String price = ParsedJson.bare(level.get(0));
                    if (Double.parseDouble(ParsedJson.bare(level.get(1))) == 0) {
                        levels.remove(price);
                    } else {
                        levels.put(price, level);
                    }
                }
            }
        }
        known.value = known.sides.toString();
    }

    /** The value of a topic in an answer of the relay, as this reader has it. */
    static Object comparable(final String value) {
        if (!value.startsWith("{\"bids\"") && !value.startsWith("{\"asks\"")) {
            return ParsedJson.parse(value);
        }
        final Known known = new Known();
        applyBook(known, ParsedJson.object(ParsedJson.parse(value)), false);
        return known.value;
    }

    @Override
    public synchronized String toString() {
        final StringBuilder text = new StringBuilder();
        parts.forEach((number, part) -> text.append(number).append(part.isJoined ? " joined" : " not joined")
            .append(" seq ").append(part.seq).append(" p ").append(part.position).append(" snapshots ")
            .append(part.snapshots).append(" gaps ").append(part.gaps).append(" early ").append(part.early.size())
            .append("; "));
        return text.toString();
    }

    /** The answer to a request of its own; empty if there is none. */
    String ask(final String what, final String body) throws InterruptedException {
        final Message answer = connection.request(subject + '.' + what, body.getBytes(StandardCharsets.UTF_8),
            Duration.ofSeconds(10));
        return answer == null ? "" : new String(answer.getData(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
