package penstock.venue.plugin;

import java.util.Map;
import penstock.book.Book;

/**
 * Code for what a venue file cannot express: the signature of a request, a token to fetch first, the checksum of a
 * book. Found by {@link java.util.ServiceLoader} and referenced by name: under {@code plugins} for values, under {@code
 * book.checksum} for checksums.
 *
 * <p>Each use creates an object of its own: threads never share one.
 */
public interface VenuePlugin {
    /** The name that venue files use. */
    String name();

    /**
     * Supplies the values of one connection; <code>{plugin:NAME}</code> is their placeholder in addresses, headers and
     * messages. Called before each attempt to connect, on a thread of its own: it may block. The thread is interrupted
     * after the timeout.
     *
     * @throws FatalPluginException if a retry makes no sense; after any other exception the relay retries after its
     *     back-off. The message goes into the log, so it must not contain a secret
     */
    default Map<String, String> values(final PluginCall call) throws Exception {
        throw new FatalPluginException("supplies no values; use it under book.checksum");
    }

    /**
     * Computes the checksum of a book as the venue does. Feed thread. A checksum of 0 from the venue means that there
     * is none and is never compared.
     */
    default long checksum(final Book book) {
        throw new UnsupportedOperationException("plugin " + name() + " has no checksum");
    }
}
