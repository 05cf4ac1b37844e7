"""Who mends what: the owners shown beside every asset."""

ENGINEERS = "team:data-engineering"
ANALYSTS = "team:performance-analysts"
