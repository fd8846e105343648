package penstock.book;

/**
 * What a venue sends with its book so that a client can tell whether its own is right. One object serves all books of a thread.
 */
public interface BookChecksum {
    /** The name by which a venue file asks for it. */
    String name();

    /** The checksum of a book, as the venue computes it. */
    long of(Book book);
}
