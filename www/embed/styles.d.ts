// Made by the build: element.css with all that it imports.

export const styles: string;
