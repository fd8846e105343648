package penstock.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import penstock.wire.MessageBuffer;

/**
 * Sends JSON, compressed if the client accepts gzip. Compressing a large snapshot takes longer than a shard's slice of
 * 3 ms and would delay the sessions of the io thread, so a worker thread does it. Stateless.
 */
final class GzipResponse {
    /** A smaller body fits one packet in any case. */
    static final int MIN_BYTES = 1024;
    private static final String GZIP = "gzip";

    /** Prefers speed to size: a client that polls is served by {@link EntityTag}s. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(final OutputStream out) throws IOException {
            super(out, 16 * 1024);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    private GzipResponse() {
    }

    /** Sends 200. The caller must not use {@code body} any more. */
    static void json(final HttpServerExchange exchange, final MessageBuffer body) {
        if (body.length() < MIN_BYTES || !isAccepted(exchange.getRequestHeaders().get(Headers.ACCEPT_ENCODING))) {
            HttpResponse.json(exchange, 200, body);
            return;
        }
        exchange.dispatch(working -> {
            final byte[] compressed = compress(body);
            working.dispatch(working.getIoThread(), back -> {
                back.getResponseHeaders().put(Headers.CONTENT_ENCODING, GZIP);
                HttpResponse.send(back, 200, HttpResponse.JSON, compressed, compressed.length);
            });
        });
    }

    /** RFC 9110, 12.5.3: gzip is named, or covered by a star, with a weight above 0. */
    static boolean isAccepted(final HeaderValues lines) {
        if (lines == null) {
            return false;
        }
        boolean byStar = false;
        for (final String line : lines) {
            for (final String each : line.toLowerCase(Locale.ROOT).split(",")) {
                final String[] parts = each.split(";", 2);
                final boolean isAcceptable = parts.length == 1 || !parts[1].replace(" ", "").matches("q=0(\\.0{0,3})?");
                if (parts[0].trim().equals(GZIP)) {
                    return isAcceptable;
                }
                byStar |= isAcceptable && parts[0].trim().equals("*");
            }
        }
        return byStar;
    }

    private static byte[] compress(final MessageBuffer body) {
        final ByteArrayOutputStream compressed = new ByteArrayOutputStream(body.length() / 4);
        try (GZIPOutputStream gzip = new FastGzip(compressed)) {
            gzip.write(body.bytes(), 0, body.length());
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }
}
