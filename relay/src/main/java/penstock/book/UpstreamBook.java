package penstock.book;

import penstock.ring.LevelBuffer;
import penstock.ring.UpdateKind;

/**
 * The feed thread's copy of a book, for a venue that sends only the subscribed depth and expects the client to drop
 * levels beyond it, or that sends checksums. The truncation must happen before the ring: two changes conflated there
 * would skip the moment at which a level fell out, and the level would come back as a ghost. Owned by the feed thread.
 */
public final class UpstreamBook {
    private final Book book = new Book();
    private final LevelBuffer reader = new LevelBuffer();
    private final int depth;
    private long version;

    /** {@code depth} is the subscribed depth; 0 if the venue sends the whole book. */
    public UpstreamBook(final int depth) {
        this.depth = depth;
    }

    /**
     * Applies an update of the venue, and adds to {@code levels} the removals of the levels that fell out of the depth.
     */
    public void apply(final UpdateKind kind, final LevelBuffer levels) {
        version++;
        book.apply(kind, reader.wrap(levels.buffer(), 0, levels.length()), version);
        if (depth > 0) {
            book.truncate(depth, levels, version);
        }
    }

    /** The present book. */
    public Book book() {
        return book;
    }
}
