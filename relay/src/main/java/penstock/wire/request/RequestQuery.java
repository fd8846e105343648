package penstock.wire.request;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;

/**
 * Converts the parameters of a URL, already percent-decoded, to the fields of the same request in JSON. Stateless.
 */
final class RequestQuery {
    private static final Set<String> SECRETS = Set.of("token", "ticket", "access_token", "bearer");
    private static final Set<String> LISTS = Set.of("symbols", "match", "fields");
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,40}");

    private RequestQuery() {
    }

    static void rejectSecrets(final Map<String, ?> query) throws RequestException {
        for (final String name : query.keySet()) {
            if (SECRETS.contains(name.toLowerCase(Locale.ROOT))) {
                throw new RequestException(ErrorCode.TOKEN_INVALID, ClientText.step(name),
                    "this URL must not contain tokens or tickets: if the relay asks for a token, send it in the header "
                        + "Authorization", null);
            }
        }
    }

    /** Rejects secrets before anything else. */
    static RequestFields fields(final Map<String, ? extends Collection<String>> query) throws RequestException {
        rejectSecrets(query);
        final Map<String, Object> values = new LinkedHashMap<>();
        for (final Map.Entry<String, ? extends Collection<String>> each : query.entrySet()) {
            if (LISTS.contains(each.getKey())) {
                values.put(each.getKey(), list(each.getValue()));
            } else if (each.getValue().size() != 1) {
                throw new RequestException(ErrorCode.BAD_FIELD, ClientText.step(each.getKey()),
                    ClientText.shown(each.getKey()) + " appears twice", null);
            } else {
                values.put(each.getKey(), value(each.getKey(), each.getValue().iterator().next()));
            }
        }
        return new RequestFields(values);
    }

    private static List<Object> list(final Collection<String> values) {
        final List<Object> list = new ArrayList<>();
        for (final String value : values) {
            if (!value.isEmpty()) {
                list.addAll(List.of(value.split(",", -1)));
            }
        }
        return list;
    }

    private static Object value(final String name, final String text) {
        return switch (name) {
            case "snapshot", "delta", "payload" -> text.equals("true") ? Boolean.TRUE
                : text.equals("false") ? Boolean.FALSE : text;
            case "interval", "maxRate", "maxBytesPerSecond", "depth" ->
                INTEGER.matcher(text).matches() ? new RequestJson.Number(text, true) : text;
            default -> text;
        };
    }
}
