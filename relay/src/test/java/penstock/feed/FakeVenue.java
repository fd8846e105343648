package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import penstock.feed.request.SubscriptionReconciler;
import penstock.testkit.ManualClock;
import penstock.upstream.SendOnly;

/** A venue that takes {@code sub 7 quote A,B} and {@code unsub 8 quote A}; it rejects symbols that begin with bad. */
public final class FakeVenue implements SendOnly {
    private static final int MAX_BYTES = 64;
    private static final int BATCH = 5;
    /** After this many repetitions it behaves: the reconciler gives up in the end. */
    private static final int PATIENCE = 3;

    public final Set<String> subscribed = new HashSet<>();
    private final Map<String, Integer> seen = new HashMap<>();
    private final ManualClock clock;
    private final SplittableRandom random;
    private final boolean isByTopic;
    private final boolean isByList;
    private final boolean isMute;
    private final int maxItems;
    private int mostWorkMs;
    private SubscriptionReconciler requests;

    public FakeVenue(final ManualClock clock, final SplittableRandom random, final boolean isByTopic,
            final boolean isByList,
            final boolean isMute, final int maxItems) {
        this.clock = clock;
        this.random = random;
        this.isByTopic = isByTopic;
        this.isByList = isByList;
        this.isMute = isMute;
        this.maxItems = maxItems;
    }

    public void answerTo(final SubscriptionReconciler asking) {
        requests = asking;
    }

    /** It works on each message for up to that long, and on several at a time: in any order. */
    public void reorders(final int mostMs) {
        mostWorkMs = mostMs;
    }

    @Override
    public void sendText(final byte[] utf8) {
        final String text = new String(utf8, StandardCharsets.UTF_8);
        final String[] words = text.split(" ");
        final List<String> symbols = Arrays.asList(words[3].split(","));
        assertThat(symbols).hasSizeBetween(1, BATCH).doesNotHaveDuplicates();
        assertThat(symbols.size() == 1 || utf8.length <= MAX_BYTES).as(text).isTrue();
        final boolean isGood = seen.merge(words[0] + words[1], 1, Integer::sum) >= PATIENCE;
        // only a number says for certain which message an answer is for: without numbers no message is lost
        if (!isGood && !isByTopic && !isMute && random.nextInt(6) == 0) {
            return;
        }
        if (mostWorkMs == 0) {
            work(words, symbols, isGood);
        } else {
            clock.executeAfter(() -> work(words, symbols, isGood), random.nextInt(mostWorkMs));
        }
    }

    private void work(final String[] words, final List<String> symbols, final boolean isGood) {
        final List<String> answers = words[0].equals("sub") ? subscribe(words, symbols) : unsubscribe(words, symbols);
        assertThat(subscribed.size()).isLessThanOrEqualTo(maxItems);
        for (final String answer : isMute ? List.<String>of() : answers) {
            answer(answer, isGood);
        }
    }

    private List<String> subscribe(final String[] words, final List<String> symbols) {
        final boolean hasBad = symbols.stream().anyMatch(FakeVenue::isBad);
        final boolean isAllOrNothing = !isByTopic && !isByList && !isMute;
        final List<String> answers = new ArrayList<>();
        final List<String> no = new ArrayList<>();
        for (final String symbol : symbols) {
            final boolean isTaken = isMute || (isAllOrNothing ? !hasBad : !isBad(symbol));
            if (isTaken) {
                subscribed.add(words[2] + "-" + symbol);
            } else {
                no.add("{\"name\":\"" + words[2] + "-" + symbol + "\"}");
            }
            if (isByTopic) {
                answers.add("{\"is\":\"" + (isTaken ? "yes" : "no") + about(words, symbol));
            }
        }
        if (isByList) {
            answers.add("{\"is\":\"done\",\"id\":" + words[1] + ",\"no\":[" + String.join(",", no) + "]}");
        } else if (!isByTopic) {
            answers.add("{\"is\":\"" + (hasBad ? "no" : "yes") + "\",\"id\":" + words[1] + "}");
        }
        return answers;
    }

    private List<String> unsubscribe(final String[] words, final List<String> symbols) {
        final List<String> answers = new ArrayList<>();
        for (final String symbol : symbols) {
            subscribed.remove(words[2] + "-" + symbol);
            if (isByTopic) {
                answers.add("{\"is\":\"gone" + about(words, symbol));
            }
        }
        if (!isByTopic) {
            // rejected or not: it is removed
            answers.add("{\"is\":\"" + (random.nextInt(4) == 0 ? "no" : "yes") + "\",\"id\":" + words[1] + "}");
        }
        return answers;
    }

    private static String about(final String[] words, final String symbol) {
        return "\",\"channel\":\"" + words[2] + "\",\"s\":\"" + symbol + "\"}";
    }

    private static boolean isBad(final String symbol) {
        return symbol.startsWith("bad");
    }

    private void answer(final String text, final boolean isGood) {
        // nothing shows for which request an answer is that names a topic alone: where the venue works in any order, a
        // late or a repeated one would pass for that to the next request, so each request gets one in time
        final int mood = isGood || isByTopic && mostWorkMs > 0 ? 9 : random.nextInt(10);
        if (mood == 0) {
            return;
        }
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        clock.executeAfter(() -> requests.onMessage(null, bytes, 0, bytes.length), mood == 1 ? random.nextInt(9000)
            : random.nextInt(300));
        if (mood == 2) {
            clock.executeAfter(() -> requests.onMessage(null, bytes, 0, bytes.length), random.nextInt(2000));
        }
    }
}
