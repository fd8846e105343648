package penstock.venue;

import java.util.Arrays;
import penstock.book.UpstreamBook;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.venue.book.BookSpec;
import penstock.venue.book.OrderBook;
import penstock.venue.plugin.VenuePlugin;
import penstock.venue.plugin.VenuePlugins;
import penstock.venue.rule.ByteSlice;

/**
 * Order books kept in front of the ring, for venues that keep only a part of the book up to date, that send checksums,
 * or single orders: levels that fall out of the depth are removed here, a wrong book is noticed, and orders are added
 * up by price. Other books are not kept.
 * Owned by the feed thread.
 */
public final class FeedBooks {
    private final Venue venue;
    private final BookSpec[] specs;
    private final VenuePlugin[] checksums;
    private UpstreamBook[] books = new UpstreamBook[64];
    private OrderBook[] orders = new OrderBook[0];

    /** What an update makes of its book. */
    public enum Outcome {
        /** It is right, as far as one can see. */
        WHOLE,
        /** The venue's checksum says that it is wrong. */
        WRONG_CHECKSUM,
        /** Orders are missing that the update is about. */
        MISSING_ORDERS
    }

    /** Fails if a channel names an unknown checksum plugin. */
    public FeedBooks(final Venue venue) {
        this.venue = venue;
        specs = new BookSpec[venue.channels().size()];
        checksums = new VenuePlugin[specs.length];
        for (int i = 0; i < specs.length; i++) {
            specs[i] = venue.book(i);
            checksums[i] = specs[i].checksum() == null ? null : VenuePlugins.find(specs[i].checksum());
        }
    }

    /**
     * Applies an update: replaces its orders by the levels that they change, and adds to its levels those that it
     * pushed out of the depth.
     *
     * @param isNew whether the message is the one that the rules have just read: then its checksum is compared
     */
    public Outcome apply(final int channel, final int topic, final UpdateSlice update, final boolean isNew) {
        final BookSpec spec = specs[channel];
        if (update.levels == null) {
            return Outcome.WHOLE;
        }
        if (spec.isOfOrders() && !addUp(topic, update)) {
            return Outcome.MISSING_ORDERS;
        }
        return spec.truncate() == 0 && spec.checksum() == null || isRight(channel, topic, update, isNew)
            ? Outcome.WHOLE : Outcome.WRONG_CHECKSUM;
    }

    /** Changes before the first snapshot change nothing. */
    private boolean addUp(final int topic, final UpdateSlice update) {
        if (topic >= orders.length) {
            orders = Arrays.copyOf(orders, Math.max(topic + 1, orders.length * 2));
        }
        if (orders[topic] == null && update.kind == UpdateKind.DELTA) {
            update.levels.clear();
            return true;
        }
        if (orders[topic] == null) {
            orders[topic] = new OrderBook();
        }
        final int bad = orders[topic].apply(update.kind, update.levels);
        if (bad > 0) {
            venue.counts().onBadLevels(bad);
        }
        return bad == 0;
    }

    private boolean isRight(final int channel, final int topic, final UpdateSlice update, final boolean isNew) {
        final BookSpec spec = specs[channel];
        final UpstreamBook book = book(topic, spec.truncate());
        book.apply(update.kind, update.levels);
        final ByteSlice checksum = venue.checksum();
        if (!isNew || checksums[channel] == null || !checksum.isPresent()) {
            return true;
        }
        final long number = number(checksum);
        // 0 means none: OKX goes on sending it after it has stopped to compute the checksum
        return number == 0 || checksums[channel].checksum(book.book()) == number;
    }

    /** The topic is gone, or begins again. */
    public void forget(final int topic) {
        if (topic < books.length) {
            books[topic] = null;
        }
        if (topic < orders.length) {
            orders[topic] = null;
        }
    }

    private UpstreamBook book(final int topic, final int depth) {
        if (topic >= books.length) {
            books = Arrays.copyOf(books, Math.max(topic + 1, books.length * 2));
        }
        if (books[topic] == null) {
            books[topic] = new UpstreamBook(depth);
        }
        return books[topic];
    }

    /** A checksum that is not a number never matches. Some venues send it as a signed number. */
    private static long number(final ByteSlice text) {
        final boolean isNegative = text.length() > 0 && text.charAt(0) == '-';
        long value = 0;
        for (int i = isNegative ? 1 : 0; i < text.length(); i++) {
            final int digit = text.bytes()[text.offset() + i] - '0';
            if (digit < 0 || digit > 9 || i > 10) {
                return Long.MIN_VALUE;
            }
            value = value * 10 + digit;
        }
        return isNegative ? -value : value;
    }
}
