package penstock.venue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import penstock.ring.UpdateSlice;
import penstock.testkit.OnlyUpdates;
import penstock.testkit.Seeds;
import penstock.venue.spec.GapAction;

/**
 * A venue that repeats, reorders and loses the messages of three symbols, begins new counts and drops the connection.
 * Each message that arrives is passed on or counted as a duplicate, the first ones of a new count too; a loss that the
 * numbers show is reported once, at the message that follows it, and none is invented. The numbers of a connection show
 * its first message, too.
 */
class SequenceRulesModelTest {
    private static final int ROUNDS = Integer.getInteger("penstock.numbers.rounds", 50);
    private static final int MESSAGES = 800;
    private static final String VENUE = """
        name = model
        channels { all { class = %s, default = true } }
        messages { rules = [ { name = all, match { "$/n" = "*" }, key = "$/s", seq { rule = %s } } ] }
        """;
    private static final int CONNECTIONS = 30;
    /** The largest distance of two numbers, where they have holes. */
    private static final int MAX_STEP = 20;
    /** A new count begins so many steps above the numbers that it begins with: those are far below. */
    private static final int SHORTEST_COUNT = 24;

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    /** {@code serial}: of the symbol; {@code count}: the venue's; {@code inCount}: the place of the message there. */
    private record Message(char symbol, int serial, int count, int inCount, long before, long number) {
        byte[] bytes() {
            return ("{\"s\":\"" + symbol + "\",\"n\":" + number + ",\"f\":" + (before < number ? before + 1 : number)
                + ",\"p\":" + before + ",\"id\":" + serial + "}").getBytes(StandardCharsets.US_ASCII);
        }
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '\'', value = {
        "last-value, 'increment, at = \"$/n\"'", "event, 'increment, at = \"$/n\"'",
        "last-value, 'range, first = \"$/f\", last = \"$/n\"'", "event, 'range, first = \"$/f\", last = \"$/n\"'",
        "last-value, 'prev, prev = \"$/p\", last = \"$/n\"'", "event, 'prev, prev = \"$/p\", last = \"$/n\"'",
        "last-value, 'increasing, at = \"$/n\"'", "event, 'increasing, at = \"$/n\"'",
        "last-value, 'nondecreasing, at = \"$/n\"'", "event, 'nondecreasing, at = \"$/n\"'"})
    void shouldPassOnOrReportEachMessage(final String kind, final String rule) {
        for (final long seed : seeds.rounds(ROUNDS)) {
            final Run run = new Run(kind, rule, Seeds.random(seed));
            for (int i = 0; i < MESSAGES; i++) {
                run.step();
            }
            run.end();
        }
    }

    /** Three symbols share the numbers of a connection, and each connection counts from 1. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '\'', value = {
        "RULE, 'increment, at = \"$/n\"'", "FRAMES, 'increment, at = \"$/n\"'",
        "RULE, 'range, first = \"$/f\", last = \"$/n\"'", "FRAMES, 'range, first = \"$/f\", last = \"$/n\"'"})
    void shouldReportEachLossOfAConnectionAndTheLossOfItsFirstMessage(final NumberedBy place, final String rule) {
        int lateStarts = 0;
        for (final long seed : seeds.rounds(ROUNDS)) {
            final ConnectionRun run = new ConnectionRun(place.file.formatted(rule, ", start = 1"), Seeds.random(seed));
            for (int i = 0; i < CONNECTIONS; i++) {
                run.connection(1);
            }
            lateStarts += run.lateStarts;
        }
        assertThat(lateStarts).isPositive();
    }

    @ParameterizedTest
    @EnumSource(NumberedBy.class)
    void shouldAcceptThatAVenueCountsFromElsewhereWithItsThirdConnection(final NumberedBy place) {
        final ConnectionRun run = new ConnectionRun(place.file.formatted("increment, at = \"$/n\"", ", start = 1"),
            seeds.random());
        for (int i = 0; i < CONNECTIONS; i++) {
            run.connection(1_000);
        }
        assertThat(run.gapsAtStart).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(NumberedBy.class)
    void shouldAcceptAnyFirstNumberWithoutAKnownStart(final NumberedBy place) {
        final ConnectionRun run =
            new ConnectionRun(place.file.formatted("increment, at = \"$/n\"", ""), seeds.random());
        for (int i = 0; i < CONNECTIONS; i++) {
            run.connection(1 + i);
        }
        assertThat(run.gapsAtStart).isZero();
    }

    /** Where a venue file names the numbers of the connection. */
    private enum NumberedBy {
        RULE("""
            name = model
            channels { all { class = last-value, default = true } }
            messages { rules = [ { name = all, match { "$/n" = "*" }, key = "$/s", \
              seq { rule = %s, scope = connection, reset-on = []%s, on-gap = reconnect } } ] }
            """),
        FRAMES("""
            name = model
            channels { all { class = last-value, default = true } }
            frame-seq { rule = %s%s, on-gap = reconnect }
            messages { rules = [ { name = all, match { "$/n" = "*" }, key = "$/s" } ] }
            """);

        private final String file;

        NumberedBy(final String file) {
            this.file = file;
        }
    }

    private static final class ConnectionRun extends OnlyUpdates {
        private final Venue venue;
        private final Random random;
        private final boolean isRange;
        private final boolean isStartKnown;
        private int passed;
        private int gaps;
        private int gapsAtStart;
        /** Connections in a row whose first message was lost. */
        private int lateStarts;
        private int lateStartsInARow;

        ConnectionRun(final String file, final Random random) {
            venue = VenueReader.read(new StringReader(file), "model.conf", name -> null);
            this.random = random;
            isRange = file.contains("rule = range");
            isStartKnown = file.contains(", start = 1");
        }

        void connection(final long start) {
            venue.onConnected();
            long number = start;
            boolean isLost = false;
            boolean isFirst = true;
            for (int left = random.nextInt(60); left > 0; left--) {
                final long first = number;
                number += isRange ? 1 + random.nextInt(3) : 1;
                if (random.nextInt(isFirst ? 4 : 20) == 0) {
                    isLost = true;
                    continue;
                }
                final int before = gaps;
                receive("{\"s\":\"" + (char) ('A' + random.nextInt(3)) + "\",\"f\":" + first + ",\"n\":"
                    + (number - 1) + "}");
                if (isFirst) {
                    checkStart(isLost || start > 1, gaps - before);
                } else {
                    assertThat(gaps - before).as("gaps before %s", first).isEqualTo(isLost ? 1 : 0);
                }
                isFirst = false;
                isLost = false;
            }
        }

        private void checkStart(final boolean isLate, final int found) {
            lateStartsInARow = isLate && isStartKnown ? lateStartsInARow + 1 : 0;
            lateStarts += isLate ? 1 : 0;
            gapsAtStart += found;
            assertThat(found).as("gaps at the start of a connection, late ones in a row: %s", lateStartsInARow)
                .isEqualTo(lateStartsInARow == 1 || lateStartsInARow == 2 ? 1 : 0);
        }

        private void receive(final String text) {
            final byte[] frame = text.getBytes(StandardCharsets.US_ASCII);
            venue.onText(frame, 0, frame.length, 0, this);
            assertThat(--passed).as(text).isZero();
        }

        @Override
        public void onUpdate(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength,
                final long timeUs, final UpdateSlice slices) {
            passed++;
        }

        @Override
        public void onGap(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength,
                final GapAction action, final long expected, final long got) {
            assertThat(channel).as("channel of a gap of the connection").isEqualTo(-1);
            assertThat(got).isGreaterThan(expected);
            gaps++;
        }
    }

    private static final class Run extends OnlyUpdates {
        private final String place;
        private final String rule;
        private final boolean isEvent;
        private final boolean showsLoss;
        private final Random random;
        private final Venue venue;
        private final List<Topic> topics = new ArrayList<>();
        private int passed;
        private int duplicates;
        private int gaps;

        Run(final String kind, final String rule, final Random random) {
            place = kind + ", " + rule;
            this.rule = rule;
            isEvent = kind.equals("event");
            showsLoss = !rule.startsWith("increasing") && !rule.startsWith("nondecreasing");
            this.random = random;
            venue = VenueReader.read(new StringReader(VENUE.formatted(kind, rule)), "model.conf", name -> null);
            for (char symbol = 'A'; symbol <= 'C'; symbol++) {
                topics.add(new Topic(symbol));
            }
            venue.onConnected();
        }

        void step() {
            if (random.nextInt(200) == 0) {
                venue.onConnected();
                topics.forEach(Topic::onConnected);
            }
            final Topic topic = topics.get(random.nextInt(topics.size()));
            topic.send();
            while (topic.queue.size() > random.nextInt(6)) {
                topic.receive(topic.queue.remove(0));
            }
        }

        void end() {
            for (final Topic topic : topics) {
                while (!topic.queue.isEmpty()) {
                    topic.receive(topic.queue.remove(0));
                }
            }
        }

        @Override
        public void onUpdate(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength,
                final long timeUs, final UpdateSlice slices) {
            passed++;
        }

        @Override
        public void onDuplicate(final int channel) {
            duplicates++;
        }

        @Override
        public void onGap(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength,
                final GapAction action, final long expected, final long got) {
            gaps++;
        }

        private final class Topic {
            private final char symbol;
            private final List<Message> queue = new ArrayList<>();
            private final List<Message> sent = new ArrayList<>();
            private final boolean[] received = new boolean[MESSAGES];
            private int count;
            private int inCount;
            private long number = 1_000 + random.nextInt(1_000_000);
            /** The newest that has arrived on the connection, and how many of its count did. */
            private Message newest;
            /** The last message of a count that was not recognised yet. */
            private Message begun;
            private boolean isFirstOfConnection;

            Topic(final char symbol) {
                this.symbol = symbol;
            }

            void onConnected() {
                queue.clear();
                isFirstOfConnection = true;
                if (!isEvent) {
                    newest = null;
                    begun = null;
                }
            }

            void send() {
                long before = number;
                final int step = rule.startsWith("increment") ? 1 : MAX_STEP;
                if (number > SHORTEST_COUNT * step && random.nextInt(30) == 0) {
                    count++;
                    inCount = 0;
                    number = random.nextInt(3);
                    // a venue may name the last number of the count before
                    before = random.nextBoolean() ? number : before;
                }
                number += step == 1 ? 1 : (rule.startsWith("nondecreasing") ? 0 : 1) + random.nextInt(step);
                final Message message = new Message(symbol, sent.size(), count, inCount++, before, number);
                sent.add(message);
                if (random.nextInt(40) == 0) {
                    return;
                }
                queue.add(message);
                final Message earlier = queue.get(Math.max(0, queue.size() - 1 - random.nextInt(3)));
                if (random.nextInt(25) == 0 && mayRepeat(earlier)) {
                    queue.add(earlier);
                }
                if (random.nextInt(25) == 0 && queue.size() > 1 && maySwap(queue.get(queue.size() - 2))) {
                    Collections.swap(queue, queue.size() - 1, queue.size() - 2);
                }
            }

            /** Two numbers that are far below are a new count, whatever the venue meant. */
            private boolean mayRepeat(final Message earlier) {
                return earlier.count() == count && !SequenceTracker.isFarBelow(earlier.number(), number + MAX_STEP);
            }

            /** The first message of a count names the count before: it is late by one message at most. */
            private boolean maySwap(final Message earlier) {
                return earlier.count() == count && (earlier.inCount() > 0 || inCount == 2 || !rule.startsWith("prev"));
            }

            void receive(final Message message) {
                final int passedBefore = passed;
                final int duplicatesBefore = duplicates;
                final int gapsBefore = gaps;
                final byte[] frame = message.bytes();
                venue.onText(frame, 0, frame.length, 0, Run.this);
                final String at = place + ": " + message + " after " + newest;
                assertThat(passed - passedBefore + duplicates - duplicatesBefore).as(at).isEqualTo(1);
                final boolean isPassed = passed > passedBefore;
                if (isEvent) {
                    assertThat(isPassed).as(at).isTrue();
                }
                final int gapCount = gaps - gapsBefore;
                if (newest == null || message.count() == newest.count() || namesTheCountBefore(message)) {
                    check(message, isPassed, gapCount, at);
                } else {
                    checkBegun(message, isPassed, gapCount, at);
                }
                received[message.serial()] |= isPassed;
                isFirstOfConnection = false;
            }

            private boolean namesTheCountBefore(final Message message) {
                return rule.startsWith("prev") && !isFirstOfConnection && message.number() < newest.number()
                    && message.before() >= newest.number();
            }

            /** Of a new count: its first number may be a late one, the first one that rises shows it. */
            private void checkBegun(final Message message, final boolean isPassed, final int gapCount,
                    final String at) {
                final boolean isRising = begun != null && message.number() > begun.number();
                final boolean isRecognised = isRising || isFirstOfConnection;
                assertThat(isPassed).as(at).isEqualTo(isEvent || isRecognised);
                assertThat(gapCount).as(at).isEqualTo(isRecognised && !isFirstOfConnection ? 1 : 0);
                begun = isRecognised ? null : message;
                newest = isRecognised ? message : newest;
            }

            private void check(final Message message, final boolean isPassed, final int gapCount, final String at) {
                final boolean isFirst = newest == null;
                final boolean isNewest = isFirst || message.serial() > newest.serial();
                if (!isEvent) {
                    final boolean isSame = !isFirst && message.number() == newest.number();
                    assertThat(isPassed).as(at).isEqualTo(isNewest || isSame && !showsLoss);
                }
                final boolean isLossShown = showsLoss && isNewest && !isFirst && !received[message.serial() - 1];
                assertThat(gapCount).as(at).isEqualTo(isLossShown ? 1 : 0);
                newest = isNewest ? message : newest;
                begun = isNewest ? null : begun;
            }
        }
    }
}
