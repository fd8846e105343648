package penstock.venue.plugin;

import java.util.Map;

/**
 * What a plugin is told of the connection that is to be made.
 *
 * @param url   the address as the configuration has it, perhaps with holes that the plugin's values are to fill
 * @param with  as the venue file says, variables filled in; secrets
 * @param nowMs the time in ms since 1970
 */
public record PluginCall(String url, Map<String, String> with, long nowMs) {
    /** Keeps what nobody can change any more. */
    public PluginCall {
        with = Map.copyOf(with);
    }

    /**
     * What the venue file says under {@code with}.
     *
     * @throws FatalPluginException when it says nothing
     */
    public String required(final String key) throws FatalPluginException {
        final String value = with.get(key);
        if (value == null || value.isEmpty()) {
            throw new FatalPluginException("needs " + key + "; add it: with { " + key + " = … }");
        }
        return value;
    }

    /** Without the values: they hold keys. */
    @Override
    public String toString() {
        return "with " + with.keySet();
    }
}
