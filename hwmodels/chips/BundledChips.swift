public enum BundledChips {}
