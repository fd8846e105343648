package penstock.feed.book;

import java.util.Arrays;
import penstock.book.UpstreamBook;
import penstock.ring.UpdateSlice;
import penstock.venue.Venue;
import penstock.venue.plugin.VenuePlugin;
import penstock.venue.plugin.VenuePlugins;
import penstock.venue.rule.ByteSlice;
import penstock.venue.spec.BookSpec;

/**
 * Order books kept in front of the ring, for venues that keep up a part of the book only or that send checksums: what
 * falls out of the depth is removed here, and a book that does not add up is noticed. Other books pass by. Owned by the
 * feed thread.
 */
public final class FeedBooks {
    private final Venue venue;
    private final BookSpec[] specs;
    private final VenuePlugin[] checksums;
    private UpstreamBook[] books = new UpstreamBook[64];

    /** Throws when a channel asks for a checksum that nobody provides. */
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
     * Applies an update, and adds to its levels what it pushed out; false when the venue's checksum says that the book
     * is wrong.
     */
    public boolean apply(final int channel, final int topic, final UpdateSlice update) {
        final BookSpec spec = specs[channel];
        if (update.levels == null || spec.truncate() == 0 && spec.checksum() == null) {
            return true;
        }
        final UpstreamBook book = book(topic, spec.truncate());
        book.apply(update.update, update.levels);
        final ByteSlice said = venue.checksum();
        if (checksums[channel] == null || !said.isPresent()) {
            return true;
        }
        final long number = number(said);
        // 0 says nothing: OKX goes on sending it where it has stopped to compute the checksum
        return number == 0 || checksums[channel].checksum(book.book()) == number;
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

    /** A checksum that is no number is no right one either. Some venues show it as a signed number. */
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
