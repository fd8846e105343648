package penstock.server.auth;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import penstock.config.relay.AuthConfig;
import penstock.identity.CurrentRights;
import penstock.identity.Principal;
import penstock.wire.MessageBuffer;
import penstock.wire.request.Request;

/** The messages to edges, beside those of every session. Stateless. */
final class EdgeMessages {
    private EdgeMessages() {
    }

    /** Sessions are to end. */
    static MessageBuffer revoke(final Collection<String> sessions, final int code, final String reason) {
        final MessageBuffer out = new MessageBuffer(128).put("{\"type\":\"revoke\",\"sessions\":");
        texts(out, sessions);
        return out.put(",\"code\":").put(code).put(",\"reason\":").putString(reason).put('}');
    }

    /** What is by now of a client that has shown this credential; null if it is no client any more. */
    static MessageBuffer rights(final Principal client, final CurrentRights now) {
        final MessageBuffer out = credential(client);
        if (now == null) {
            return out.put(",\"revoked\":true}");
        }
        texts(out.put(",\"products\":"), new TreeSet<>(now.products()));
        return out.put('}');
    }

    /** The edge decides again what is of a client that has shown this credential. */
    static MessageBuffer rightsAsShown(final Principal client) {
        return credential(client).put('}');
    }

    /** How many sessions clients have elsewhere; {@code isAll}: others have none that count. */
    static MessageBuffer elsewhere(final Map<String, Integer> sessions, final boolean isAll) {
        final MessageBuffer out = new MessageBuffer(256).put("{\"type\":\"elsewhere\",\"clients\":[");
        String separator = "";
        for (final Map.Entry<String, Integer> each : sessions.entrySet()) {
            out.put(separator).put("{\"client\":").putString(each.getKey()).put(",\"sessions\":")
                .put(each.getValue()).put('}');
            separator = ",";
        }
        return out.put(isAll ? "],\"all\":true}" : "]}");
    }

    /** What a relay reports of a session of its own. */
    static Request.EdgeSession facts(final Principal client, final String session, final String address) {
        final AuthConfig.OnExcess onExcess = client.onExcess();
        return new Request.EdgeSession(client.id(), session, address,
            TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()),
            client == Principal.ANONYMOUS ? null : client.credential(), new Request.EdgeTerms(client.products(),
                client.maxSessions(), onExcess == null ? null
                : onExcess.name().toLowerCase(Locale.ROOT).replace('_', '-')));
    }

    private static MessageBuffer credential(final Principal client) {
        return new MessageBuffer(128).put("{\"type\":\"rights\",\"client\":").putString(client.id())
            .put(",\"credential\":").putString(client.credential());
    }

    private static void texts(final MessageBuffer out, final Collection<String> texts) {
        out.put('[');
        String separator = "";
        for (final String each : texts) {
            out.put(separator).putString(each);
            separator = ",";
        }
        out.put(']');
    }
}
