package penstock.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;

/**
 * The version of an answer, so that a client that has it need not be sent it again (RFC 9110, 8.8 and 13.1.2). Weak:
 * the same data may come compressed or not, and with a newer {@code p} of topics that were not asked for. Immutable.
 */
record EntityTag(String opaque) {
    /** Puts it into the answer; true when the client has this version already, and the answer is 304. */
    boolean isHeldBy(final HttpServerExchange exchange) {
        // to be kept, but not used unasked
        exchange.getResponseHeaders().put(Headers.ETAG, "W/\"" + opaque + '"').put(Headers.CACHE_CONTROL, "no-cache")
            .put(Headers.VARY, "Accept-Encoding");
        if (!isNamed(exchange.getRequestHeaders().get(Headers.IF_NONE_MATCH))) {
            return false;
        }
        exchange.setStatusCode(304).endExchange();
        return true;
    }

    private boolean isNamed(final HeaderValues lines) {
        if (lines == null) {
            return false;
        }
        for (final String line : lines) {
            // our own tags have no commas
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
