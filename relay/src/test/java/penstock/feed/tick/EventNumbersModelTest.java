package penstock.feed.tick;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.ring.UpdateSlice;
import penstock.testkit.OnlyUpdates;
import penstock.testkit.Seeds;
import penstock.venue.SequenceTracker;
import penstock.venue.Venue;
import penstock.venue.VenueReader;

/**
 * A venue that repeats, reorders and loses events, across the border of two counts, too, begins new counts at any
 * number and drops connections, on one line or two: each event that arrives is published once or reported as missing
 * once; where numbers have no holes, each one between the first and the last of its count that arrive.
 */
class EventNumbersModelTest {
    private static final int ROUNDS = Integer.getInteger("penstock.numbers.rounds", 100);
    private static final int EVENTS = 600;
    private static final String VENUE = """
        name = model
        channels { trade { class = event, default = true } }
        messages { rules = [ { name = trade, match { "$/n" = "*" }, key = "$/s",
          kind = "$/k", seq { rule = %s } } ] }
        """;
    private static final int LONGEST_OUTAGE = 20;
    private static final int MAX_OVERTAKEN = 4;
    /** Events that a line keeps back. */
    private static final int MAX_BEHIND = 10;
    /** A count that begins with the last events may be shown by one of them alone: it could be a repeated one. */
    private static final int LAST_EVENTS = 20;
    /** A new count is recognised if its first numbers that arrive are far below: it cannot follow a shorter one. */
    private static final int SHORTEST_COUNT = 32;

    /** One event; {@code count}: the venue's count that its number belongs to; {@code before}: the number before. */
    private record Event(int serial, int count, long before, long number) {
        String message(final boolean isHistory) {
            return "{\"s\":\"A\",\"n\":" + number + ",\"f\":" + (before < number ? before + 1 : number) + ",\"p\":"
                + before + ",\"id\":" + serial + ",\"k\":\"" + (isHistory ? "snapshot" : "full") + "\"}";
        }
    }
    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @ParameterizedTest
    @CsvSource(quoteCharacter = '\'', value = {
        "'increment, at = \"$/n\"', 1", "'increment, at = \"$/n\"', 2",
        "'increasing, at = \"$/n\"', 1", "'increasing, at = \"$/n\"', 2",
        "'range, first = \"$/f\", last = \"$/n\"', 1", "'range, first = \"$/f\", last = \"$/n\"', 2",
        "'prev, prev = \"$/p\", last = \"$/n\"', 1", "'prev, prev = \"$/p\", last = \"$/n\"', 2"})
    void shouldPublishOrReportEachEventOnce(final String rule, final int lines) {
        for (final long seed : seeds.rounds(ROUNDS)) {
            new Run(rule, lines, Seeds.random(seed)).play();
        }
    }

    private static final class Run {
        private final String rule;
        private final Random random;
        private final boolean isConsecutive;
        private final EventSequenceTracker tracker = new EventSequenceTracker();
        private final List<Line> lines = new ArrayList<>();
        private final List<Event> sent = new ArrayList<>();
        private final TreeSet<Integer> published = new TreeSet<>();
        private final TreeSet<Integer> received = new TreeSet<>();
        private final int longestOutage;
        private final int maxBehind;
        private final int shortestCount;
        private long missing;
        private long nowNs;
        private int count;
        private int inCount;
        private long number;

        Run(final String rule, final int lineCount, final Random random) {
            this.rule = rule;
            this.random = random;
            isConsecutive = rule.startsWith("increment");
            longestOutage = 1 + random.nextInt(LONGEST_OUTAGE);
            maxBehind = 2 + random.nextInt(MAX_BEHIND);
            shortestCount = SHORTEST_COUNT + 4 * longestOutage;
            number = 1_000 + random.nextInt(1_000_000);
            final Venue venue = VenueReader.read(new StringReader(VENUE.formatted(rule)), "model.conf", name -> null);
            for (int i = 0; i < lineCount; i++) {
                lines.add(new Line(venue.newInstance()));
            }
        }

        void play() {
            for (int i = 0; i < EVENTS; i++) {
                send();
                lines.forEach(Line::turn);
            }
            lines.forEach(Line::drain);
            // what a snapshot has not shown is reported with the next event, and what a line behind has not sent with
            // the next one after all lines have passed it
            for (int i = 0; i < 2; i++) {
                final Event last = next();
                lines.forEach(line -> line.end(last));
            }
            check();
        }

        private void send() {
            // mostly well within the time that a line may be behind
            nowNs += random.nextInt(100) == 0 ? random.nextLong(2 * MissingNumbers.MAX_NS) : random.nextInt(20_000_000);
            final Event event = next();
            lines.forEach(line -> line.offer(event));
        }

        private Event next() {
            long before = number;
            if (inCount > shortestCount && sent.size() < EVENTS - LAST_EVENTS && random.nextInt(30) == 0) {
                count++;
                inCount = 0;
                number = random.nextInt(random.nextBoolean() ? 3 : (int) Math.max(1, number / 8));
                // a venue may name the last number of the count before
                before = random.nextBoolean() ? number : before;
            }
            inCount++;
            number += isConsecutive ? 1 : 1 + random.nextInt(20);
            final Event event = new Event(sent.size(), count, before, number);
            sent.add(event);
            return event;
        }

        private void check() {
            final TreeMap<Integer, List<Long>> counts = new TreeMap<>();
            published.forEach(serial -> counts.computeIfAbsent(sent.get(serial).count(), each -> new ArrayList<>())
                .add(sent.get(serial).number()));
            if (!isConsecutive) {
                final TreeSet<Integer> lost = new TreeSet<>(received);
                lost.removeAll(published);
                assertThat((long) lost.size()).as(place() + ": reported instead of published").isEqualTo(missing);
                return;
            }
            received.forEach(serial -> counts.computeIfAbsent(sent.get(serial).count(), each -> new ArrayList<>())
                .add(sent.get(serial).number()));
            long expected = 0;
            for (final List<Long> numbers : counts.values()) {
                expected += Collections.max(numbers) - Collections.min(numbers) + 1;
            }
            assertThat(published.size() + missing).as(place()).isEqualTo(expected);
        }

        private String place() {
            return rule + ", " + lines.size() + " lines";
        }

        /** One connection at a time, and its successors. */
        private final class Line {
            private final Venue venue;
            private final List<Event> queue = new ArrayList<>();
            private EventSequenceTracker.Line line;
            private int closedFor;
            /** A live event: without one, two outages are one, and longer than a count is short. */
            private boolean hasSent;

            Line(final Venue venue) {
                this.venue = venue;
                connect();
            }

            void offer(final Event event) {
                if (line == null || random.nextInt(40) == 0) {
                    return;
                }
                // an event overtakes others, of the count before, too
                int at = queue.size();
                for (int i = random.nextInt(oddity()) == 0 ? 1 + random.nextInt(MAX_OVERTAKEN) : 0; i > 0 && at > 0
                        && isInReach(queue.get(at - 1), event); i--) {
                    at--;
                }
                queue.add(at, event);
                final Event earlier = queue.get(Math.max(0, queue.size() - 1 - random.nextInt(MAX_OVERTAKEN)));
                if (random.nextInt(oddity()) == 0 && isInReach(earlier, event)) {
                    queue.add(earlier);
                }
            }

            /** What comes after a later one is not too far behind it for a repeated or late event. */
            private boolean isInReach(final Event earlier, final Event later) {
                return later.serial() - earlier.serial() <= SequenceTracker.MAX_REORDERED;
            }

            /** Where a count begins, most things go wrong. */
            private int oddity() {
                return inCount < 8 ? 5 : 25;
            }

            void turn() {
                if (line == null && --closedFor <= 0) {
                    connect();
                } else if (line != null && hasSent && random.nextInt(120) == 0) {
                    tracker.close(line);
                    line = null;
                    queue.clear();
                    closedFor = 1 + random.nextInt(longestOutage);
                } else if (random.nextInt(3) > 0) {
                    while (queue.size() > random.nextInt(maxBehind)) {
                        receive(queue.remove(0));
                    }
                }
            }

            void drain() {
                while (!queue.isEmpty()) {
                    receive(queue.remove(0));
                }
            }

            void end(final Event event) {
                if (line == null) {
                    open();
                }
                receive(event);
            }

            /** Two events of the count have arrived: one alone may have been repeated. */
            private boolean hasArrived() {
                return received.stream().filter(serial -> sent.get(serial).count() == count).limit(2).count() == 2;
            }

            private void open() {
                line = tracker.open(0);
                hasSent = false;
                venue.onConnected();
            }

            private void connect() {
                open();
                // a snapshot cannot tell a count that no line has begun from the one before
                if (!sent.isEmpty() && (lines.size() < 2 || hasArrived()) && random.nextInt(3) == 0) {
                    final List<Event> history = new ArrayList<>(sent.subList(
                        Math.max(sent.size() - Math.min(inCount, shortestCount / 4), 0), sent.size()));
                    if (random.nextBoolean()) {
                        Collections.reverse(history);
                    }
                    // a snapshot shows nothing older than the first event of a count that arrived before
                    final long oldest = received.stream().map(sent::get).filter(event -> event.count() == count)
                        .mapToLong(Event::number).min().orElse(Long.MIN_VALUE);
                    history.forEach(event -> receive(event, true, oldest));
                }
            }

            private void receive(final Event event) {
                hasSent = true;
                receive(event, false, Long.MIN_VALUE);
            }

            private void receive(final Event event, final boolean isHistory, final long oldest) {
                final byte[] frame = event.message(isHistory).getBytes(StandardCharsets.UTF_8);
                venue.onText(frame, 0, frame.length, 0, new OnlyUpdates() {
                    @Override
                    public void onUpdate(final int channel, final byte[] symbol, final int symbolOffset,
                            final int symbolLength, final long timeUs, final UpdateSlice slices) {
                        final long missed = tracker.missedBefore(line, 0, slices.kind, venue.verdict(),
                            venue.lastNumber(), venue.isConsecutive(), nowNs);
                        if (event.number() >= oldest) {
                            received.add(event.serial());
                        }
                        if (missed != EventSequenceTracker.KNOWN) {
                            assertThat(published.add(event.serial())).as(place() + ": " + event + " twice").isTrue();
                            missing += missed;
                        }
                    }
                });
            }
        }
    }
}
