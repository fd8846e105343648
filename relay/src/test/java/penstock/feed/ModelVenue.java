package penstock.feed;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import penstock.upstream.LossReason;

/**
 * A venue that answers late, never, or with a rejection, loses connections, and sends to each at its own rate. One step
 * at a time.
 */
final class ModelVenue {
    private static final Pattern TOPIC = Pattern.compile("[qt]\\.[A-Z]");
    private static final Pattern ID = Pattern.compile("\"id\":(\\d+)");

    final Map<String, Integer> truth = new HashMap<>();
    final List<Line> lines = new ArrayList<>();
    private final FakeUpstreams upstreams;
    private final SplittableRandom random;
    private final LongSupplier nowNs;
    private final boolean isReplacing;
    private final int room;
    private final int limit;

    /** One connection, from the venue's side. */
    final class Line {
        final FakeUpstreams.Server played;
        final Set<String> topics = new LinkedHashSet<>();
        final Queue<String> out = new ArrayDeque<>();
        private final Queue<Long> sentNs = new ArrayDeque<>();
        boolean isOpen;
        boolean isEnded;
        boolean hasSentValue;
        int read;

        Line(final FakeUpstreams.Server played) {
            this.played = played;
        }

        boolean isAlive() {
            return !isEnded && !played.isAborted;
        }

        /** Counts against the limit: the relay has not closed it. */
        boolean isInUse() {
            return isAlive() && !played.isClosing;
        }

        void lose() {
            if (isAlive()) {
                isEnded = true;
                played.lose(played.isClosing ? LossReason.STOPPED : isOpen ? LossReason.DISCONNECTED
                    : LossReason.UNREACHABLE, isOpen);
            }
        }

        void open() {
            if (isInUse() && !isOpen) {
                isOpen = true;
                played.open();
            }
        }

        /** Reads the next request; {@code mood}: 0 = ignores it. */
        boolean answer(final int mood) {
            if (!isInUse() || read == played.sent.size()) {
                return false;
            }
            final String request = played.sent.get(read++);
            // a venue that never received an unsubscribe rightly goes on;
            // a venue that never answers must not lose a request
            if (mood == 0 && !isReplacing && !request.contains("\"unsub\"")) {
                return true;
            }
            final Set<String> named = new LinkedHashSet<>();
            final Matcher each = TOPIC.matcher(request);
            while (each.find()) {
                named.add(each.group());
            }
            final Matcher id = ID.matcher(request);
            final String number = id.find() ? id.group(1) : "0";
            if (request.contains("\"unsub\"")) {
                topics.removeAll(named);
                send("{\"ok\":true,\"id\":" + number + "}");
            } else if (isReplacing) {
                named.stream().filter(topic -> !topic.endsWith("X")).forEach(this::begin);
            } else if (named.stream().anyMatch(topic -> topic.endsWith("X"))) {
                send("{\"ok\":false,\"id\":" + number + "}");
            } else {
                final Set<String> all = new HashSet<>(topics);
                all.addAll(named);
                if (all.size() > limit) {
                    throw new AssertionError("more than allowed on a connection: " + all);
                }
                if (all.size() > room) {
                    send("{\"full\":true,\"id\":" + number + "}");
                } else {
                    send("{\"ok\":true,\"id\":" + number + "}");
                    named.forEach(this::begin);
                }
            }
            return true;
        }

        private void begin(final String topic) {
            topics.add(topic);
            if (truth.containsKey(topic)) {
                sendValue(topic);
            }
        }

        private void sendValue(final String topic) {
            final int value = truth.get(topic);
            send("{\"c\":\"" + topic.charAt(0) + "\",\"s\":\"" + topic.charAt(2) + "\",\"p\":" + (value - 1)
                + ",\"n\":" + value + ",\"v\":" + value + "}");
        }

        private void send(final String text) {
            out.add(text);
            sentNs.add(nowNs.getAsLong());
        }

        /** Earlier messages have arrived. */
        private void deliverSentBefore(final long untilNs) {
            while (isAlive() && isOpen && !sentNs.isEmpty() && sentNs.peek() < untilNs) {
                deliver();
            }
        }

        boolean deliver() {
            final String next = isAlive() && isOpen ? out.poll() : null;
            if (next != null) {
                sentNs.remove();
                hasSentValue |= next.startsWith("{\"c\"");
                played.text(next);
            }
            return next != null;
        }
    }

    /** {@code limit}: subscriptions of a connection in the venue's documentation; {@code room}: in fact. */
    ModelVenue(final FakeUpstreams upstreams, final SplittableRandom random, final LongSupplier nowNs,
        final boolean isReplacing,
            final int limit, final int room) {
        this.nowNs = nowNs;
        this.upstreams = upstreams;
        this.random = random;
        this.isReplacing = isReplacing;
        this.limit = limit;
        this.room = room;
    }

    /** Notices new connections, and forgets lost ones. */
    void look(final int[] connects) {
        for (; connects[0] < upstreams.all.size(); connects[0]++) {
            lines.add(new Line(upstreams.all.get(connects[0])));
        }
        lines.removeIf(line -> !line.isAlive());
    }

    /** No message travels longer than this: the largest lag of one connection behind another. */
    void deliverOlderThan(final long ageNs) {
        for (final Line line : List.copyOf(lines)) {
            line.deliverSentBefore(nowNs.getAsLong() - ageNs);
        }
    }

    void tick(final String topic) {
        truth.merge(topic, 1, Integer::sum);
        for (final Line line : lines) {
            if (line.isOpen && line.isAlive() && line.topics.contains(topic)) {
                line.sendValue(topic);
            }
        }
    }

    /** A random event on one of the connections. */
    void disturb() {
        if (lines.isEmpty()) {
            return;
        }
        final Line line = lines.get(random.nextInt(lines.size()));
        switch (random.nextInt(12)) {
            case 0 -> line.lose();
            case 1, 2, 3 -> line.open();
            case 4, 5 -> line.answer(random.nextInt(12));
            case 6 -> {
                if (line.isOpen && line.topics.isEmpty() || line.played.isClosing) {
                    line.lose();
                }
            }
            default -> {
                int most = random.nextInt(6);
                while (most-- >= 0 && line.deliver()) {
                    assert line.isOpen;
                }
            }
        }
    }

    /** The venue behaves: it answers every request and sends every update. */
    void calm() {
        for (final Line line : List.copyOf(lines)) {
            if (line.played.isClosing) {
                line.lose();
            }
            line.open();
            boolean isMore = true;
            while (isMore) {
                isMore = line.answer(1);
                isMore |= line.deliver();
            }
        }
    }
}
