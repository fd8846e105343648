package penstock.config;

/** One mistake in the configuration: its place ({@code file:line}), the path of the key, the mistake and a remedy. */
public record Problem(String place, String path, String message) {
    @Override
    public String toString() {
        return place + ": " + (path.isEmpty() ? "" : path + ": ") + message;
    }
}
