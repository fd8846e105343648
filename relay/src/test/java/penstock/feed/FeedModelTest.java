package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.config.VenueSettings;
import penstock.config.relay.FeedConfig;
import penstock.feed.tick.SessionState;
import penstock.testkit.ManualClock;
import penstock.testkit.Seeds;
import penstock.text.Address;
import penstock.venue.RecordedRing;
import penstock.venue.Venue;
import penstock.venue.VenueReader;

/**
 * Random interest against a venue that behaves at random, over all kinds of connections. At each step no topic goes
 * back, no topic without interest is published, and the venue's limits are kept. Once the venue behaves, it sends the
 * topics with interest, and each topic has its true state. {@code -Dpenstock.model.rounds=100000} searches further.
 */
@Tag("slow")
@ExtendWith(MutedFeedLog.class)
class FeedModelTest {
    private static final int ROUNDS = Integer.getInteger("penstock.feed.rounds", 500);
    private static final long LINGER_MS = 1_000;
    private static final long SILENCE_MS = 3_000;
    private static final long NANOS = 1_000_000;
    private static final int RATE = 4;
    private static final long RATE_MS = 5_000;
    private static final String FILE = """
        name = model
        connection { idle { any-frame = 0, data = 0 }, reconnect { min = 100ms, max = 2s, reset-after = 60s }, %s }
        channels { quote { class = last-value, default = true, silence = 3s }, trade { class = last-value } }
        subscribe { topic { quote = "q.{symbol}", trade = "t.{symbol}" }, %s }
        messages { rules = [
          { name = ok, match { "$/ok" = true }, as = ack }
          { name = full, match { "$/full" = true }, as = nack, classify = [ { do = shard } ] }
          { name = no, match { "$/ok" = false }, as = nack }
          { name = quote, match { "$/c" = q }, channel = quote, key = "$/s", emit = "$/v"%s }
          { name = trade, match { "$/c" = t }, channel = trade, key = "$/s", emit = "$/v"%s }
        ] }
        """;
    private static final String BY_MESSAGE =
        """
        message = \"""{"sub":{topics|json},"id":{id}}\""", unsubscribe = \"""{"unsub":{topics|json},"id":{id}}\""", batch = 4
        ack { match { "$/id" = "*" }, ok { "$/ok" = true }, correlate = "$/id", timeout = 5s, retries = 1 }
        """;
    private static final String BY_CONNECTION = """
        message = \"""{"sub":{topics|json}}\""", batch = 1000,
        mode = replace-connection, ack { mode = none }
        """;

    private static final List<String> RULES = List.of("increment, at = \"$/n\"",
        "range, first = \"$/n\", last = \"$/n\"", "prev, prev = \"$/p\", last = \"$/n\"", "increasing, at = \"$/n\"",
        "nondecreasing, at = \"$/n\"");

    private static int silentTopics;
    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    void shouldKeepItsPromisesWithAnyBehaviourOfTheVenue() {
        silentTopics = 0;
        for (final long seed : seeds.rounds(ROUNDS)) {
            final Play play = new Play(seed);
            try {
                play.run();
            } catch (final AssertionError | RuntimeException e) {
                throw new AssertionError(play.kind + ": " + e.getMessage() + play.shown(), e);
            }
        }
        // about 12 in 500 rounds
        assertThat(silentTopics).as("topics reported as silent").isPositive();
    }

    private static final class Play {
        private final ManualClock clock = new ManualClock();
        private final FakeUpstreams upstreams = new FakeUpstreams(clock);
        private final RecordedRing ring = new RecordedRing(256, 1 << 16);
        private final SplittableRandom random;
        private final FeedProxy session;
        private final ModelVenue venue;
        private final boolean isOnDemand;
        private final boolean isNumbered;
        private final boolean isRedundant;
        private final boolean isReplacing;
        private final boolean isRated;
        private final boolean isNarrow;
        private final int connections;
        private final int subscriptions;
        private final String kind;
        private final List<String> log = new ArrayList<>();
        private final int[] connects = new int[1];
        private int rated;
        private final Map<String, Integer> interest = new HashMap<>();
        private final Map<String, Long> unwantedNs = new HashMap<>();
        private final Map<String, String> topics = new HashMap<>();
        private final Map<String, Integer> value = new HashMap<>();
        private final Map<String, String> state = new HashMap<>();
        /** By topic: the time of its newest value, if the feed was not lost since then. */
        private final Map<String, Long> valueNs = new HashMap<>();
        /** Topics that the venue did not answer, however often: they wait for the next connection. */
        private final Set<String> unanswered = new HashSet<>();
        private String feed = "STARTING";

        Play(final long seed) {
            random = new SplittableRandom(seed);
            isOnDemand = random.nextInt(3) > 0;
            isReplacing = isOnDemand && random.nextInt(4) == 0;
            isRedundant = random.nextInt(3) == 0;
            isNumbered = isRedundant || random.nextBoolean();
            isRated = random.nextInt(3) == 0;
            connections = (isRedundant ? 2 : 1) * (1 + random.nextInt(3));
            final int groups = connections / (isRedundant ? 2 : 1);
            subscriptions = isOnDemand ? 2 + random.nextInt(4) : (8 + groups - 1) / groups + random.nextInt(2);
            isNarrow = !isReplacing && isOnDemand && random.nextInt(4) == 0;
            final boolean isAging = random.nextBoolean();
            final String rule = isNumbered ? " " + RULES.get(random.nextInt(RULES.size())) : "";
            kind = (isOnDemand ? "on-demand " : "fixed ") + (isReplacing ? "replacing " : "")
                + (isRedundant ? "redundant " : "")
                + (isNumbered ? "numbered " : "") + (isRated ? "rated " : "") + (isNarrow ? "narrow " : "")
                + (isAging ? "aging " : "")
                + connections + " x " + subscriptions + rule;
            final String connection = "max-connections = " + connections + ", max-subscriptions = " + subscriptions
                + (isAging ? ", lifetime = 30s" : "") + (isRated ? ", connect-rate { permits = 4, per = 5s }" : "");
            final String seq = isNumbered ? ", seq { rule =" + rule + " }" : "";
            // a venue that says first that it is full, and then accepts the same request, looks like one that does
            // not accept it
            final String asking = isReplacing ? BY_CONNECTION : isNarrow
                ? BY_MESSAGE.replace("retries = 1", "retries = 0") : BY_MESSAGE;
            final String file = FILE.formatted(connection, asking, seq, seq);
            final Venue rules = VenueReader.read(new StringReader(file), "model.conf", name -> null);
            final List<String> symbols = isOnDemand ? List.of(FeedConfig.ON_DEMAND) : List.of("A", "B", "C", "X");
            final FeedPlan plan =
                FeedPlan.of(rules, new FeedConfig(new FeedConfig.Identity("test", "model"),
                List.of(new Address("ws://a.invalid/"), new Address("ws://b.invalid/")),
                new FeedConfig.Topics(List.of("quote", "trade"), symbols), new FeedConfig.Access(Map.of(), null),
                new FeedConfig.OnDemand(LINGER_MS, 10, 10, 0), isRedundant, VenueSettings.DEFAULT));
            if (!isOnDemand) {
                symbols.forEach(symbol -> List.of("q.", "t.").forEach(channel -> interest.put(channel + symbol, 1)));
            }
            session = FeedProxy.of(plan, upstreams, clock, random, ring.publisher, ring.telemetry, what -> {
                throw new AssertionError("fatal: " + what);
            });
            venue = new ModelVenue(upstreams, random, clock::nowNs, isReplacing, subscriptions,
                isNarrow ? Math.max(1, subscriptions - 1) : subscriptions);
        }

        void run() {
            session.start();
            check();
            for (int i = 10 + random.nextInt(150); i > 0; i--) {
                step();
            }
            if (random.nextInt(4) > 0) {
                for (int i = isReplacing ? 60 : 30; i > 0; i--) {
                    everyTopic();
                    calmDown();
                    clock.advance(1_000 + random.nextInt(3_000));
                    check();
                }
                // no connection is about to be replaced, or was made just now
                for (int i = 0; i < 4; i++) {
                    calmDown();
                    everyTopic();
                    calmDown();
                    clock.advance(50);
                }
                check();
                checkTruth();
            }
            stop();
        }

        private void everyTopic() {
            for (char symbol = 'A'; symbol < 'H'; symbol++) {
                venue.tick("q." + symbol);
                venue.tick("t." + symbol);
            }
        }

        private void calmDown() {
            for (int i = 0; i < 4; i++) {
                venue.look(connects);
                venue.calm();
                check();
                clock.advance(6);
            }
        }

        private void step() {
            final String topic = (random.nextBoolean() ? "q." : "t.")
                + (char) (random.nextInt(10) == 0 ? 'X' : 'A' + random.nextInt(7));
            switch (random.nextInt(10)) {
                case 0, 1 -> addInterest(topic);
                case 2 -> removeInterest(topic);
                case 3, 4 -> venue.tick(topic);
                case 5 -> pass(random.nextInt(random.nextInt(10) == 0 ? 20_000 : 1_500));
                default -> venue.disturb();
            }
            clock.advance(random.nextInt(10));
            venue.deliverOlderThan(2_000 * NANOS);
            check();
        }

        /**
         * A message travels for 3 s at most, well within the time in which a new connection may lag behind.
         */
        private void pass(final int ms) {
            for (int left = ms; left > 0; left -= 1_000) {
                venue.deliverOlderThan(2_000 * NANOS);
                check();
                clock.advance(Math.min(left, 1_000));
            }
            check();
        }

        private void addInterest(final String topic) {
            if (isOnDemand) {
                interest.merge(topic, 1, Integer::sum);
                log.add("addInterest " + topic);
                session.addInterest(channel(topic), List.of(topic.substring(2)), "client");
            }
        }

        private void removeInterest(final String topic) {
            if (isOnDemand && interest.containsKey(topic)) {
                interest.merge(topic, -1, (was, less) -> was == 1 ? null : was + less);
                if (!interest.containsKey(topic)) {
                    unwantedNs.put(topic, clock.nowNs());
                }
                log.add("removeInterest " + topic);
                session.removeInterest(channel(topic), List.of(topic.substring(2)));
            }
        }

        private static int channel(final String topic) {
            return topic.charAt(0) == 'q' ? 0 : 1;
        }

        private void check() {
            venue.look(connects);
            checkRate();
            ring.news().forEach(this::onState);
            final long inUse = venue.lines.stream().filter(ModelVenue.Line::isInUse).count();
            assertThat(inUse).as("connections").isLessThanOrEqualTo(connections * 2L);
            if (!isOnDemand && feed.equals("LIVE")) {
                assertThat(venue.lines.stream().anyMatch(line -> line.isInUse() && line.hasSentValue))
                    .as("LIVE without data").isTrue();
            }
        }

        private void checkRate() {
            for (; isRated && rated + RATE < upstreams.all.size(); rated++) {
                final long spanNs = upstreams.all.get(rated + RATE).madeNs - upstreams.all.get(rated).madeNs;
                assertThat(spanNs).as("connection.connect-rate").isGreaterThan(RATE_MS * NANOS);
            }
        }

        private void onState(final String line) {
            log.add(line);
            final String[] words = line.split(" ", 3);
            if (words[0].equals("refused")) {
                final String name = words[2].substring(0, words[2].indexOf(':'));
                assertThat(interest).as("refused without interest").containsKey(channelPrefix(words[1]) + name);
                state.put(channelPrefix(words[1]) + name, "CLOSED");
            } else if (words[1].equals("forgotten")) {
                onForgotten(topics.remove(words[0]));
            } else if (words[0].equals("topic")) {
                topics.put(words[1], channelPrefix(words[2].substring(2, 3)) + words[2].substring(4));
            } else if (!Character.isDigit(words[0].charAt(0))) {
                feed = words[0];
                if (feed.equals("STALE")) {
                    valueNs.clear();
                }
            } else if (Character.isDigit(words[1].charAt(0))) {
                onValue(topics.get(words[0]), Integer.parseInt(words[1]));
            } else {
                if (words[2].equals("silent")) {
                    onSilent(topics.get(words[0]));
                }
                if (words[2].startsWith("the venue does not answer")) {
                    unanswered.add(topics.get(words[0]));
                }
                state.put(topics.get(words[0]), words[1]);
            }
        }

        private static String channelPrefix(final String channel) {
            return channel.equals("0") ? "q." : "t.";
        }

        private void onForgotten(final String topic) {
            assertThat(isOnDemand && !interest.containsKey(topic)).as("%s is forgotten without interest", topic)
                .isTrue();
            state.remove(topic);
            value.remove(topic);
            valueNs.remove(topic);
        }

        private void onValue(final String topic, final int next) {
            if (isNumbered) {
                assertThat(next).as("%s goes back", topic).isGreaterThanOrEqualTo(value.getOrDefault(topic, 0));
            }
            assertThat(interest.containsKey(topic)
                || clock.nowNs() - unwantedNs.getOrDefault(topic, 0L) <= (LINGER_MS + 10) * NANOS)
                .as("%s is published without interest", topic).isTrue();
            value.put(topic, next);
            state.put(topic, "LIVE");
            valueNs.put(topic, clock.nowNs());
        }

        /** Reported once, of a live topic that had its full limit and was not the only one. */
        private void onSilent(final String topic) {
            assertThat(topic).as("has a limit").startsWith("q.");
            assertThat(feed).as("%s is reported while the feed is lost", topic).isEqualTo("LIVE");
            assertThat(state.get(topic)).as("%s was", topic).isEqualTo("LIVE");
            assertThat(valueNs).as("%s had no value", topic).containsKey(topic);
            assertThat(clock.nowNs() - valueNs.get(topic)).as("%s was silent for", topic)
                .isGreaterThan((SILENCE_MS - 20) * NANOS);
            assertThat(valueNs.keySet()).as("peers of %s", topic)
                .anyMatch(other -> other.startsWith("q.") && !other.equals(topic));
            silentTopics++;
        }

        private void checkTruth() {
            final Set<String> sent = new HashSet<>();
            venue.lines.stream().filter(ModelVenue.Line::isInUse).forEach(line -> sent.addAll(line.topics));
            assertThat(interest.keySet()).as("the venue sends topics without interest").containsAll(sent);
            final int room = connections / (isRedundant ? 2 : 1) * subscriptions;
            for (final String topic : interest.keySet()) {
                if (sent.contains(topic)) {
                    assertThat(state.get(topic)).as(topic).isEqualTo("LIVE");
                    assertThat(value.get(topic)).as(topic).isEqualTo(venue.truth.get(topic));
                } else if (topic.endsWith("X") && isReplacing) {
                    assertThat(state.get(topic)).as(topic).isNotEqualTo("LIVE");
                } else {
                    assertThat(state.get(topic)).as(topic).isEqualTo("CLOSED");
                    assertThat(topic.endsWith("X") || unanswered.contains(topic) || isNarrow
                        || interest.size() > Math.min(10, room))
                        .as("%s has room", topic).isTrue();
                }
            }
            for (final String topic : state.keySet()) {
                assertThat(interest.containsKey(topic) || !state.get(topic).equals("LIVE"))
                    .as("%s has no interest", topic)
                    .isTrue();
            }
            if (!sent.isEmpty()) {
                assertThat(feed).isEqualTo("LIVE");
                assertThat(session.state()).isEqualTo(SessionState.LIVE);
            }
        }

        private void stop() {
            session.stop();
            venue.look(connects);
            final int made = upstreams.all.size();
            addInterest("q.A");
            for (final ModelVenue.Line line : List.copyOf(venue.lines)) {
                if (random.nextInt(3) == 0) {
                    line.open();
                    line.answer(1);
                    line.deliver();
                }
                if (line.isInUse()) {
                    throw new AssertionError("a connection goes on after the stop: " + line.played.url);
                }
                line.lose();
            }
            assertThat(session.stop()).isDone();
            assertThat(clock.timerCount()).as("timers").isZero();
            addInterest("q.B");
            removeInterest("q.A");
            clock.advance(100_000);
            assertThat(clock.timerCount()).as("timers").isZero();
            assertThat(upstreams.all).hasSize(made);
        }

        String shown() {
            final StringBuilder text = new StringBuilder("\ninterest ").append(interest);
            text.append("\nstate ").append(state);
            venue.lines.forEach(line -> text.append('\n').append(line.isInUse() ? "+ " : "- ").append(line.topics)
                .append(' ')
                .append(line.played.sent));
            return text.append('\n') + String.join("\n", log.subList(Math.max(0, log.size() - 40), log.size()));
        }
    }
}
