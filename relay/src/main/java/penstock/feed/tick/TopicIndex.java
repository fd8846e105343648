package penstock.feed.tick;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;
import penstock.ring.TickPublisher;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.text.SymbolName;

/**
 * Finds the topic number of a channel and a symbol, given as bytes of a frame, without garbage for a known topic. Open
 * addressing, at most half full. A feed whose symbols are fixed adds every topic that the venue sends, and keeps it; on
 * demand only interest adds a topic, and the topic is forgotten without interest. A feed that makes up symbols is
 * stopped here, before a shard stores one of them. Owned by the feed thread.
 */
public final class TopicIndex {
    /** No topic. */
    public static final int NONE = -1;

    private final TickPublisher publisher;
    /** By channel of the feed: its number among the channels of all feeds. */
    private final IntUnaryOperator channelNumbers;
    private final boolean isOnDemand;
    private final IntSupplier maxTopics;
    private final Counters counters;
    private final FrameLog log;
    private byte[][] symbols = new byte[1024][];
    private int[] channels = new int[1024];
    private int[] topics = new int[1024];
    /** By topic. */
    private byte[][] names = new byte[64][];
    private int[] channelOf = new int[64];
    private int size;
    /** Names that the venue has not sent yet, and whose place no other name takes. */
    private final Set<Reserved> reserved = new HashSet<>();

    private record Reserved(int channel, String symbol) {
    }

    /**
     * {@code channelNumbers}: by channel of the feed, its number among the channels of all feeds. {@code maxTopics}: a
     * symbol that appears when there are as many is refused, counted and logged.
     */
    public TopicIndex(final TickPublisher publisher, final IntUnaryOperator channelNumbers,
            final boolean isOnDemand, final IntSupplier maxTopics, final Counters counters, final FrameLog log) {
        this.channelNumbers = channelNumbers;
        this.publisher = publisher;
        this.isOnDemand = isOnDemand;
        this.maxTopics = maxTopics;
        this.counters = counters;
        this.log = log;
    }

    /** Keeps a place for a configured symbol, however many symbols the feed makes up before it sends this one. */
    public void reserve(final int channel, final String symbol) {
        reserved.add(new Reserved(channel, symbol));
    }

    /**
     * The number of a topic that the relay asks the venue for; an unknown topic is added to the publisher. The
     * configuration limits them: their symbols are listed, or feed.max-symbols holds.
     */
    public int topic(final int channel, final String symbol) {
        final byte[] name = symbol.getBytes(StandardCharsets.UTF_8);
        final int slot = slot(channel, name, 0, name.length);
        return symbols[slot] != null ? topics[slot] : add(slot, channel, name);
    }

    /** Forgets a known topic; its number is used again. */
    public void forget(final int channel, final String symbol) {
        final byte[] name = symbol.getBytes(StandardCharsets.UTF_8);
        int hole = slot(channel, name, 0, name.length);
        final int topic = topics[hole];
        final int mask = symbols.length - 1;
        for (int i = hole + 1 & mask; symbols[i] != null; i = i + 1 & mask) {
            final int home = hash(channels[i], symbols[i], 0, symbols[i].length) & mask;
            if ((i - home & mask) >= (i - hole & mask)) {
                put(hole, channels[i], symbols[i], topics[i]);
                hole = i;
            }
        }
        symbols[hole] = null;
        names[topic] = null;
        size--;
        publisher.forgetTopic(topic);
    }

    /** The number of topics. */
    public int size() {
        return size;
    }

    /**
     * The number of a topic that the feed sends. An unknown topic is added to the publisher; it is {@link #NONE} on
     * demand, if it is one more than fits, and if no subscriber can ask for its name.
     */
    public int topic(final int channel, final byte[] buffer, final int offset, final int length) {
        final int slot = slot(channel, buffer, offset, length);
        if (symbols[slot] != null) {
            return topics[slot];
        }
        if (isOnDemand) {
            return NONE;
        }
        final FrameLog.Kind problem = !isReserved(channel, buffer, offset, length)
            && size + reserved.size() >= maxTopics.getAsInt() ? FrameLog.Kind.TOO_MANY_TOPICS
            : SymbolName.problem(new String(buffer, offset, length, StandardCharsets.UTF_8)) != null
            ? FrameLog.Kind.BAD_SYMBOL : null;
        if (problem != null) {
            counters.increment(Counter.FEED_SYMBOLS_REFUSED);
            log.sample(problem, "", buffer, offset, length);
            return NONE;
        }
        return add(slot, channel, Arrays.copyOfRange(buffer, offset, offset + length));
    }

    /** The symbol of a known topic. */
    public String name(final int topic) {
        return new String(names[topic], StandardCharsets.UTF_8);
    }

    /** The channel of a known topic. */
    public int channel(final int topic) {
        return channelOf[topic];
    }

    private boolean isReserved(final int channel, final byte[] buffer, final int offset, final int length) {
        return !reserved.isEmpty()
            && reserved.contains(new Reserved(channel, new String(buffer, offset, length, StandardCharsets.UTF_8)));
    }

    private int add(final int slot, final int channel, final byte[] symbol) {
        final int topic = publisher.addTopic(channelNumbers.applyAsInt(channel), symbol, 0, symbol.length);
        put(slot, channel, symbol, topic);
        if (topic >= names.length) {
            names = Arrays.copyOf(names, Math.max(names.length * 2, topic + 1));
            channelOf = Arrays.copyOf(channelOf, names.length);
        }
        names[topic] = symbol;
        channelOf[topic] = channel;
        size++;
        if (!reserved.isEmpty()) {
            reserved.remove(new Reserved(channel, name(topic)));
        }
        if (size * 2 > symbols.length) {
            grow();
        }
        return topic;
    }

    /** The slot of the entry, or the empty slot where it belongs. */
    private int slot(final int channel, final byte[] buffer, final int offset, final int length) {
        final int mask = symbols.length - 1;
        int slot = hash(channel, buffer, offset, length) & mask;
        while (symbols[slot] != null && !matches(slot, channel, buffer, offset, length)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private boolean matches(final int slot, final int channel, final byte[] buffer, final int offset,
            final int length) {
        return channels[slot] == channel
            && Arrays.equals(symbols[slot], 0, symbols[slot].length, buffer, offset, offset + length);
    }

    private void put(final int slot, final int channel, final byte[] symbol, final int topic) {
        symbols[slot] = symbol;
        channels[slot] = channel;
        topics[slot] = topic;
    }

    private void grow() {
        final byte[][] oldSymbols = symbols;
        final int[] oldChannels = channels;
        final int[] oldTopics = topics;
        symbols = new byte[oldSymbols.length * 2][];
        channels = new int[symbols.length];
        topics = new int[symbols.length];
        for (int i = 0; i < oldSymbols.length; i++) {
            if (oldSymbols[i] != null) {
                put(slot(oldChannels[i], oldSymbols[i], 0, oldSymbols[i].length), oldChannels[i], oldSymbols[i],
                    oldTopics[i]);
            }
        }
    }

    private static int hash(final int channel, final byte[] buffer, final int offset, final int length) {
        int hash = 0x811c9dc5 ^ channel;
        for (int i = offset; i < offset + length; i++) {
            hash = (hash ^ buffer[i]) * 0x01000193;
        }
        // FNV leaves the low bits of short symbols alike: mix the high ones in
        return hash ^ hash >>> 15;
    }
}
