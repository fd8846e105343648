package penstock.venue.plugin;

import java.util.Map;
import penstock.book.Book;

/**
 * What a venue wants and no file can say: the signature of a request, a token that is to be fetched first, the checksum
 * of a book. Found by {@link java.util.ServiceLoader}, asked for by name: under {@code plugins} for values, under
 * {@code book.checksum} for checksums.
 *
 * <p>Each use has an object of its own: no two threads share one.
 */
public interface VenuePlugin {
    /** The name by which a venue file asks for it. */
    String name();

    /**
     * The values that one connection is made with; <code>{plugin:NAME}</code> stands for them in addresses, headers and
     * messages. Called before each attempt, on a thread of its own: it may wait for others. It is interrupted when its
     * time is over.
     *
     * @throws FatalPluginException when no further attempt makes sense; after anything else the relay tries again,
     * after its back-off. The message goes into the log, so it must hold no secret
     */
    default Map<String, String> values(final PluginCall call) throws Exception {
        throw new FatalPluginException("has no values to give; it is asked for by book.checksum");
    }

    /**
     * The checksum of a book as the venue computes it; feed thread. The venue's 0 is never compared: it says that there
     * is none.
     */
    default long checksum(final Book book) {
        throw new UnsupportedOperationException("plugin " + name() + " has no checksum");
    }
}
