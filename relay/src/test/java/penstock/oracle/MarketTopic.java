package penstock.oracle;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;

/**
 * One topic of the simulated venue. Update {@code n} follows from the seed, so that each value can be checked without
 * being remembered. Updates are numbered from 1 and never begin again, although the numbers in the venue's messages
 * do. One thread writes; others may read {@link #sent} and what follows from it.
 */
public final class MarketTopic {
    /** The venue's time of update {@code n}, in microseconds since 1970, is this and {@code n}. */
    public static final long BASE_US = 1_795_000_000_000_000L;
    /** Fields of a {@link MarketChannel#STATS} value that an update may leave alone. */
    static final String[] FIELDS = {"a", "b", "c", "d"};
    /** Price levels of each side of a book. */
    static final int LEVELS = 6;
    /** Two numbers that rise show a new count, and a line may have lost the first ones. */
    private static final int YOUNG = 8;
    private static final int STAMP = 1_000;
    private static final int NONE = 0;
    private static final int BLOCK_BITS = 10;

    /** Its channel. */
    public final MarketChannel channel;
    /** Its symbol. */
    public final String symbol;
    private final long seed;
    private volatile long sent;
    /**
     * When each update was sent, in blocks: topics of the same rate that all copied a long array at the same moment
     * would stop this process for 100 ms.
     */
    private long[][] sentNs = new long[8][];
    private int counts;
    /** What the venue has numbered before the first update. */
    private long before;
    /** First updates of the venue's counts. */
    private long[] countStarts = {1};
    /** Updates at which some near them may have been lost on the way to the relay, in their order. */
    private volatile long[] losses = new long[8];
    private volatile int lossCount;
    /** Updates that one connection may bring after another one has brought them. */
    private final Set<Long> repeatable = ConcurrentHashMap.newKeySet();
    private volatile long repeatableTo;
    private volatile long lateTo;
    /** The newest update that reached the relay. */
    private volatile long arrived;
    private volatile long arrivedNs;

    MarketTopic(final MarketChannel channel, final String symbol, final long seed) {
        this.channel = channel;
        this.symbol = symbol;
        this.seed = mix(seed ^ mix(channel.ordinal() * 1_000_003L + symbol.hashCode()));
        counts = 1;
    }

    /** The venue has numbered this many updates before the first one. */
    void begin(final long numbered) {
        before = numbered;
    }

    /** The newest update; 0 = none yet. */
    public long sent() {
        return sent;
    }

    /** The next update is sent; returns its number. */
    public long send(final long nowNs) {
        final long n = sent + 1;
        final int block = (int) (n >> BLOCK_BITS);
        if (block == sentNs.length) {
            sentNs = Arrays.copyOf(sentNs, block * 2);
        }
        if (sentNs[block] == null) {
            sentNs[block] = new long[1 << BLOCK_BITS];
        }
        sentNs[block][index(n)] = nowNs;
        sent = n;
        return n;
    }

    /** When update {@code n} was sent. */
    public long sentNs(final long n) {
        return sentNs[(int) (n >> BLOCK_BITS)][index(n)];
    }

    private static int index(final long n) {
        return (int) n & (1 << BLOCK_BITS) - 1;
    }

    /** The venue numbers the next update 1 again. */
    void restartCount() {
        if (countStarts[counts - 1] != sent + 1) {
            countStarts = Arrays.copyOf(countStarts, counts + 1);
            countStarts[counts++] = sent + 1;
        }
    }

    /** Nothing of the newest count has reached the relay, and there is an older one. */
    boolean isCountUnseen() {
        return counts > 1 && arrived < countStarts[counts - 1];
    }

    /** Whether the relay may take update {@code n} for a repetition: a count that has just begun again. */
    boolean isOfYoungCount(final long n) {
        return !isFirstCount(n) && number(n) <= YOUNG;
    }

    /** The number of update {@code n} in the venue's messages. */
    long number(final long n) {
        int i = counts - 1;
        while (countStarts[i] > n) {
            i--;
        }
        return n - countStarts[i] + 1 + (i == 0 ? before : 0);
    }

    /** Whether the venue had not begun to count again before update {@code n}. */
    boolean isFirstCount(final long n) {
        return counts == 1 || countStarts[1] > n;
    }

    /** Update {@code n} may not reach the relay, or not in its place. */
    void disturb(final long n) {
        final int count = lossCount;
        if (count == losses.length) {
            losses = Arrays.copyOf(losses, count * 2);
        }
        int at = count;
        for (; at > 0 && losses[at - 1] > n; at--) {
            losses[at] = losses[at - 1];
        }
        losses[at] = n;
        lossCount = count + 1;
    }

    /** Update {@code n} is an image on one connection and a change on others, or comes over several. */
    public void mayRepeat(final long n) {
        repeatable.add(n);
        disturb(n);
    }

    /** A connection begins, and its image may overtake what is on its way over another one. */
    void mayBeLateAll() {
        lateTo = sent;
    }

    /** Whether update {@code n} is an event that may come after newer ones: not every connection brings it in time. */
    boolean mayBeLate(final long n) {
        return channel == MarketChannel.TRADE && (n <= lateTo || isRepeatable(n));
    }

    /** How many events after {@code from}, up to {@code to}, may be late. */
    long lateBetween(final long from, final long to) {
        long late = 0;
        for (long n = Math.max(0, from) + 1; n <= to; n++) {
            late += mayBeLate(n) ? 1 : 0;
        }
        return late;
    }

    /** One of two connections has ended: what it brought last may come again by the other one. */
    void mayRepeatAll() {
        repeatableTo = sent;
    }

    /** Whether update {@code n} may come twice. */
    boolean isRepeatable(final long n) {
        return n <= repeatableTo || repeatable.contains(n);
    }

    /** Whether the relay received all updates from {@code n} to {@code later}. */
    boolean isUndisturbed(final long n, final long later) {
        final int count = lossCount;
        final long[] all = losses;
        for (int i = count - 1; i >= 0 && all[i] >= n; i--) {
            if (all[i] <= later) {
                return false;
            }
        }
        return true;
    }

    /** Update {@code n} has reached the relay. */
    public void arrive(final long n, final long nowNs) {
        if (n > arrived) {
            arrived = n;
            arrivedNs = nowNs;
        }
    }

    /** The newest update that reached the relay; 0 = none. */
    long arrived() {
        return arrived;
    }

    /** When it did. */
    long arrivedNs() {
        return arrivedNs;
    }

    /** The venue's message with update {@code n}; {@code isWhole}: all fields or levels, not only what changed. */
    public String message(final long n, final boolean isWhole) {
        final StringBuilder text = new StringBuilder(160).append("{\"ch\":\"").append(channel.word())
            .append("\",\"s\":\"").append(symbol).append("\",\"k\":\"").append(isWhole ? "snapshot" : "delta")
            .append("\",\"u\":").append(number(n)).append(",\"t\":").append(BASE_US + n);
        if (channel == MarketChannel.BOOK) {
            appendSide(text.append(",\"bids\":["), n, 0, isWhole);
            appendSide(text.append("],\"asks\":["), n, LEVELS, isWhole);
            return text.append("]}").toString();
        }
        return text.append(",\"v\":").append(value(n, isWhole)).append('}').toString();
    }

    /** The value of update {@code n}, with those fields that it changed, or with all. Not of a book. */
    String value(final long n, final boolean isWhole) {
        final StringBuilder text = new StringBuilder(80).append("{\"n\":").append(n);
        if (channel == MarketChannel.STATS) {
            for (int i = 0; i < FIELDS.length; i++) {
                if (isWhole || isChanged(n, i)) {
                    text.append(",\"").append(FIELDS[i]).append("\":").append(field(n, i));
                }
            }
        } else {
            text.append(",\"x\":").append(price(n));
        }
        return text.append(",\"crc\":\"").append(crc(n)).append("\"}").toString();
    }

    /** The price in update {@code n} of a quote or trade. */
    String price(final long n) {
        final long x = hash(n, 1) % 1_000_000;
        return x / 1_000 + "." + (1_000 + x % 1_000);
    }

    /** The field of number {@code i} as of update {@code n}: which update changed it last, and three digits. */
    long field(final long n, final int i) {
        long m = n;
        while (!isChanged(m, i)) {
            m--;
        }
        return m * STAMP + hash(m, 20 + i) % STAMP;
    }

    private boolean isChanged(final long n, final int i) {
        return n == 1 || n % FIELDS.length == i || hash(n, 10 + i) % 3 == 0;
    }

    /** Over channel, symbol, number and every field. */
    String crc(final long n) {
        final StringBuilder text = new StringBuilder(channel.word()).append(symbol).append(n);
        if (channel == MarketChannel.STATS) {
            for (int i = 0; i < FIELDS.length; i++) {
                text.append(' ').append(field(n, i));
            }
        } else {
            text.append(' ').append(price(n));
        }
        final CRC32 crc = new CRC32();
        crc.update(text.toString().getBytes(StandardCharsets.US_ASCII));
        return Long.toHexString(crc.getValue());
    }

    /**
     * The size of a level as of update {@code n}, which says which update set it; 0 = there is none. Levels are those
     * of the bids, then those of the asks.
     */
    long size(final long n, final int level) {
        long m = n;
        while (!isTouched(m, level)) {
            m--;
        }
        return m == NONE || hash(m, 50 + level) % 4 == 0 ? 0 : m * 10 + 1 + hash(m, 60 + level) % 9;
    }

    private boolean isTouched(final long n, final int level) {
        return n <= 1 || n % (2 * LEVELS) == level || hash(n, 30) % (2 * LEVELS) == level;
    }

    /** The price of a level, which says its side. */
    static String levelPrice(final int level) {
        return level < LEVELS ? 100 - level + ".50" : 101 + level - LEVELS + ".50";
    }

    private void appendSide(final StringBuilder text, final long n, final int first, final boolean isWhole) {
        String comma = "";
        for (int level = first; level < first + LEVELS; level++) {
            final long size = isWhole || isTouched(n, level) ? size(n, level) : -1;
            if (size > 0 || size == 0 && !isWhole) {
                text.append(comma).append('[').append(levelPrice(level)).append(',').append(size).append(']');
                comma = ",";
            }
        }
    }

    private long hash(final long n, final int salt) {
        return mix(seed + n * 0x9E3779B97F4A7C15L + salt * 0xC2B2AE3D27D4EB4FL) >>> 1;
    }

    private static long mix(final long z) {
        final long y = (z ^ z >>> 33) * 0xff51afd7ed558ccdL;
        final long x = (y ^ y >>> 33) * 0xc4ceb9fe1a85ec53L;
        return x ^ x >>> 33;
    }

    @Override
    public String toString() {
        return channel.word() + " " + symbol;
    }
}
