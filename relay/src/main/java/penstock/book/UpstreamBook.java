package penstock.book;

import penstock.ring.LevelBuffer;
import penstock.ring.UpdateKind;

/**
 * A book in front of the ring, of a venue that sends no more than the subscribed depth and expects that what falls out
 * of it is forgotten, or that sends checksums. Truncation must happen here and not behind the ring: two changes that
 * are folded there would skip the moment at which a level fell out, and it would come back as a ghost. Owned by the
 * feed thread.
 */
public final class UpstreamBook {
    private final Book book = new Book();
    private final LevelBuffer reader = new LevelBuffer();
    private final int depth;
    private long version;

    /** {@code depth} is what was subscribed; 0 when the venue sends the whole book. */
    public UpstreamBook(final int depth) {
        this.depth = depth;
    }

    /**
     * Applies an update as the venue sent it, and adds to {@code levels} the removal of what thereby fell out of the
     * depth.
     */
    public void apply(final UpdateKind kind, final LevelBuffer levels) {
        version++;
        book.apply(kind, reader.wrap(levels.buffer(), 0, levels.length()), version);
        if (depth > 0) {
            book.truncate(depth, levels, version);
        }
    }

    /** The book as it is now. */
    public Book book() {
        return book;
    }
}
