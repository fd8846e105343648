package penstock.venue.plugin;

import java.util.Map;

/**
 * The connection that a plugin supplies values for.
 *
 * @param url   the configured address, with the placeholders that the plugin's values fill
 * @param with  parameters from the venue file, variables filled in; secrets
 * @param nowMs time in ms since 1970
 */
public record PluginCall(String url, Map<String, String> with, long nowMs) {
    /** Copies the parameters. */
    public PluginCall {
        with = Map.copyOf(with);
    }

    /**
     * A required parameter from {@code with}.
     *
     * @throws FatalPluginException if it is missing
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
