"""What a record promises, the same on SQLite and PostgreSQL."""
