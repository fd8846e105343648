package penstock.wire;

import java.util.List;

/** Topics asked for over HTTP; {@code channel} is null when not given. Immutable. */
public record Selection(String channel, List<SymbolPattern> symbols) {
}
