package penstock.venue;

import java.util.Arrays;
import penstock.book.UpstreamBook;
import penstock.ring.UpdateSlice;
import penstock.venue.book.BookSpec;
import penstock.venue.plugin.VenuePlugin;
import penstock.venue.plugin.VenuePlugins;
import penstock.venue.rule.ByteSlice;

/**
 * Order books kept in front of the ring, for venues that keep only a part of the book up to date, or that send
 * checksums: levels that fall out of the depth are removed here, and a wrong book is noticed. Other books are not kept.
 * Owned by the feed thread.
 */
public final class FeedBooks {
    private final Venue venue;
    private final BookSpec[] specs;
    private final VenuePlugin[] checksums;
    private UpstreamBook[] books = new UpstreamBook[64];

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
     * Applies an update, and adds to its levels those that it pushed out of the depth; false if the venue's checksum
     * says that the book is wrong.
     */
    public boolean apply(final int channel, final int topic, final UpdateSlice update) {
        final BookSpec spec = specs[channel];
        if (update.levels == null || spec.truncate() == 0 && spec.checksum() == null) {
            return true;
        }
        final UpstreamBook book = book(topic, spec.truncate());
        book.apply(update.kind, update.levels);
        final ByteSlice checksum = venue.checksum();
        if (checksums[channel] == null || !checksum.isPresent()) {
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
