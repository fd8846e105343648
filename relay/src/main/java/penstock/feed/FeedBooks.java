package penstock.feed;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import penstock.book.BookChecksum;
import penstock.book.UpstreamBook;
import penstock.feed.rules.Text;
import penstock.ring.Slices;

/**
 * Order books kept in front of the ring, for venues that keep up a part of the book only or that send checksums: what falls out of the
 * depth is removed here, and a book that does not add up is noticed. Other books pass by. Owned by the feed thread.
 */
final class FeedBooks {
    private final Venue venue;
    private final BookSpec[] specs;
    private final BookChecksum[] checksums;
    private UpstreamBook[] books = new UpstreamBook[64];

    /** Throws when a channel asks for a checksum that nobody provides. */
    FeedBooks(final Venue venue) {
        this.venue = venue;
        specs = new BookSpec[venue.channels().size()];
        checksums = new BookChecksum[specs.length];
        for (int i = 0; i < specs.length; i++) {
            specs[i] = venue.book(i);
            checksums[i] = specs[i].checksum() == null ? null : find(specs[i].checksum());
        }
    }

    /** Applies an update, and adds to its levels what it pushed out; false when the venue's checksum says that the book is wrong. */
    boolean apply(final int channel, final int topic, final Slices update) {
        final BookSpec spec = specs[channel];
        if (update.levels == null || spec.truncate() == 0 && spec.checksum() == null) {
            return true;
        }
        final UpstreamBook book = book(topic, spec.truncate());
        book.apply(update.update, update.levels);
        final Text said = venue.checksum();
        return checksums[channel] == null || !said.isPresent() || checksums[channel].of(book.book()) == number(said);
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

    /** A checksum that is no number is no right one either. */
    private static long number(final Text text) {
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            final int digit = text.bytes()[text.offset() + i] - '0';
            if (digit < 0 || digit > 9 || i > 10) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private static BookChecksum find(final String name) {
        final List<String> known = new ArrayList<>();
        for (final BookChecksum checksum : ServiceLoader.load(BookChecksum.class, FeedBooks.class.getClassLoader())) {
            if (checksum.name().equals(name)) {
                return checksum;
            }
            known.add(checksum.name());
        }
        throw new IllegalArgumentException("no checksum plugin " + name + ", there is " + String.join(", ", known));
    }
}
