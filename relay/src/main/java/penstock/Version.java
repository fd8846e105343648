package penstock;

/** The version, from the jar's manifest. */
final class Version {
    /** The version as {@code --version}, the banner and the welcome show it. */
    static final String TEXT = text();

    private Version() {
    }

    private static String text() {
        final String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
