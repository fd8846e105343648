package penstock.server.body;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;

/**
 * The version of a response body: a client that has this version gets 304 instead of the body (RFC 9110, 8.8 and
 * 13.1.2). Weak: the same data may be compressed or not, and may carry a newer {@code p} caused by topics outside the
 * query. Immutable.
 */
public record EntityTag(String opaque) {
    /** Sets the header; if the client has this version, sends 304 and returns true. */
    public boolean sendNotModified(final HttpServerExchange exchange) {
        // clients may cache the body but must revalidate it
        exchange.getResponseHeaders().put(Headers.ETAG, "W/\"" + opaque + '"').put(Headers.CACHE_CONTROL, "no-cache")
            .add(Headers.VARY, "Accept-Encoding");
        if (!matches(exchange.getRequestHeaders().get(Headers.IF_NONE_MATCH))) {
            return false;
        }
        exchange.setStatusCode(304).endExchange();
        return true;
    }

    private boolean matches(final HeaderValues lines) {
        if (lines == null) {
            return false;
        }
        for (final String line : lines) {
            // tags of this server have no commas
            for (final String part : line.split(",")) {
                final String tag = part.trim();
                if (tag.equals("*") || tag.startsWith("W/") && isQuoted(tag.substring(2)) || isQuoted(tag)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isQuoted(final String tag) {
        return tag.length() == opaque.length() + 2 && tag.charAt(0) == '"' && tag.endsWith("\"")
            && tag.startsWith(opaque, 1);
    }
}
